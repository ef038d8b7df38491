// SPDX-License-Identifier: Apache-2.0
package dev.resumable;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The shape of the library, as {@code docs/design.md} describes it. */
@DisplayName("the library")
final class ArchitectureTest {

    private static JavaClasses main;

    @BeforeAll
    static void readMainClasses() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.resumable");
        assertThat(main.contain("dev.resumable.filter.RangeServletFilter")).isTrue();
        assertThat(main.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    @DisplayName("has arrows that point one way, and features that do not know each other")
    void arrowsPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.resumable..")
                .layer("http")
                .definedBy("dev.resumable.http..")
                .layer("metrics")
                .definedBy("dev.resumable.metrics..")
                .layer("servlet")
                .definedBy("dev.resumable.servlet..")
                .layer("content")
                .definedBy("dev.resumable.content..")
                .layer("filter")
                .definedBy("dev.resumable.filter..")
                .layer("files")
                .definedBy("dev.resumable.files..")
                .layer("upload")
                .definedBy("dev.resumable.upload..")
                .layer("proxy")
                .definedBy("dev.resumable.proxy..")
                .whereLayer("http")
                .mayNotAccessAnyLayer()
                .whereLayer("metrics")
                .mayOnlyAccessLayers("http")
                .whereLayer("servlet")
                .mayOnlyAccessLayers("http")
                .whereLayer("content")
                .mayOnlyAccessLayers("http", "metrics", "servlet")
                .whereLayer("filter")
                .mayOnlyAccessLayers("http", "metrics", "servlet", "content")
                .whereLayer("files")
                .mayOnlyAccessLayers("http", "metrics", "servlet", "content")
                .whereLayer("upload")
                .mayOnlyAccessLayers("http", "metrics", "servlet", "content")
                .whereLayer("proxy")
                .mayOnlyAccessLayers("http", "metrics", "servlet", "content")
                .ensureAllClassesAreContainedInArchitecture()
                .check(main);
    }

    private static DescribedPredicate<JavaClass> areInJavaBase() {
        Set<String> ofJavaBase = Object.class.getModule().getPackages();
        return describe("are in the module java.base", type -> ofJavaBase.contains(elementOf(type)));
    }

    @Test
    @DisplayName("tells listeners of transfers by java.base alone")
    void metricsArePlain() {
        classes()
                .that()
                .resideInAPackage("dev.resumable.metrics..")
                .should()
                .onlyDependOnClassesThat(areInJavaBase()
                        .or(resideInAnyPackage(
                                "dev.resumable.metrics..", "dev.resumable.http..", "org.jspecify.annotations")))
                .check(main);
    }

    @Test
    @DisplayName("decides HTTP questions with java.base alone")
    void httpIsPure() {
        DescribedPredicate<JavaClass> allowed =
                areInJavaBase().or(resideInAnyPackage("dev.resumable.http..", "org.jspecify.annotations"));

        classes()
                .that()
                .resideInAPackage("dev.resumable.http..")
                .should()
                .onlyDependOnClassesThat(allowed)
                .check(main);
        noClasses()
                .that()
                .resideInAPackage("dev.resumable.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.net..")
                .because("pure rules read no files and no sockets")
                .check(main);
    }

    /** The package of a class; of an array that of its elements, where primitive types count as java.lang. */
    private static String elementOf(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        return element.isPrimitive() ? "java.lang" : element.getPackageName();
    }

    @Test
    @DisplayName("knows its JSON library in one class of each package that needs it, and that of forms in one")
    void librariesAreInOneClass() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.resumable.files.JsonListing")
                .and()
                .doNotHaveFullyQualifiedName("dev.resumable.upload.PartsDocument")
                .and()
                .haveNameNotMatching("dev\\.resumable\\.upload\\.store\\.StateDocument(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(main);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.resumable.upload.PartForm")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.commons.fileupload2..")
                .check(main);
    }

    @Test
    @DisplayName("keeps uploads where no request is known, and no protocol")
    void storesAreBelowTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.resumable.upload.store..", "dev.resumable.upload.jdbc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.resumable.upload", "jakarta.servlet..", "dev.resumable.servlet..")
                .check(main);
        noClasses()
                .that()
                .resideInAPackage("dev.resumable.upload.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.resumable.upload.jdbc..")
                .check(main);
        noClasses()
                .that()
                .haveFullyQualifiedName("dev.resumable.upload.UploadEngine")
                .or()
                .haveSimpleNameEndingWith("Writing")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet..")
                .because("the engine knows no field names")
                .check(main);
    }

    @Test
    @DisplayName("knows databases in one package, and its connection pool in one class, which is not public")
    void databasesAreInOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.resumable.upload.jdbc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "javax.naming..")
                .check(main);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.resumable.upload.jdbc.ConnectionPool")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.zaxxer..")
                .check(main);
        classes()
                .that()
                .haveFullyQualifiedName("dev.resumable.upload.jdbc.ConnectionPool")
                .should()
                .notBePublic()
                .check(main);
    }

    @Test
    @DisplayName("knows its HTTP client in a few classes, none of them public")
    void httpClientIsInFewClasses() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.resumable\\.proxy\\.Apache.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .check(main);
        classes()
                .that()
                .haveNameMatching("dev\\.resumable\\.proxy\\.Apache.*")
                .should()
                .notBePublic()
                .check(main);
    }

    @Test
    @DisplayName("is compiled against no container")
    void noContainers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.catalina..",
                        "org.apache.coyote..",
                        "org.apache.tomcat..",
                        "org.eclipse.jetty..",
                        "io.undertow..")
                .check(main);
    }

    @Test
    @DisplayName("names classes after what they are")
    void telling() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(main);
    }
}
