// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.resumable.files.DirectoryListing.Entry;
import dev.resumable.files.FilesConfig.HiddenFiles;
import dev.resumable.files.FilesConfig.SymbolicLinks;
import dev.resumable.files.Resource.Directory;
import dev.resumable.files.Resource.Missing;
import dev.resumable.files.Resource.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the outside finds in a directory, beside which lies what it must never find. */
class FileTreeTest {

    @TempDir
    private Path outside;

    private Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        outside = outside.toRealPath();
        Files.writeString(outside.resolve("secret.txt"), "secret");
        root = Files.createDirectory(outside.resolve("served"));
        Files.writeString(root.resolve("a.txt"), "a");
        Files.createDirectories(root.resolve("sub/deep"));
        Files.writeString(root.resolve("sub/b.txt"), "b");
        Files.writeString(root.resolve(".hidden"), "h");
        Files.createDirectory(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "c");
        // Beside the directory, with its name as a prefix: a comparison of texts would take it for inside.
        Files.createDirectory(outside.resolve("served-not"));
        Files.writeString(outside.resolve("served-not/c.txt"), "secret");
    }

    @ParameterizedTest
    @CsvSource({"/a.txt, a.txt", "/sub/b.txt, sub/b.txt"})
    void findsFiles(String path, String file) {
        assertThat(find(path))
                .isInstanceOfSatisfying(
                        RegularFile.class, found -> assertThat(found.path()).isEqualTo(root.resolve(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/sub", "/sub/", "/sub/deep/"})
    void findsDirectoriesWithAndWithoutSlash(String path) {
        assertThat(find(path)).isInstanceOf(Directory.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none",
                "/none/",
                "/a.txt/",
                "/a.txt/b",
                "/..",
                "/../",
                "/../secret.txt",
                "/sub/../a.txt",
                "/sub/../../secret.txt",
                "/.",
                "/./a.txt",
                "/sub/.",
                "//a.txt",
                "/sub//b.txt",
                "//",
                "/sub//",
                "/..\\secret.txt",
                "/sub\\b.txt",
                "/%2e%2e/secret.txt",
                "/a.txt\u0000",
                "/\u0000",
                "/a.txt\u0000/../../secret.txt",
                "/../served/a.txt",
                "/../served-not/c.txt",
                "/A.TXT",
                "/a.txt ",
                "/a.txt.",
                "/.hidden",
                "/.git/",
                "/.git/config",
                "/~",
                "/ "
            })
    void findsNothingElse(String path) {
        assertThat(find(path)).isInstanceOf(Missing.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256, 4_095, 4_096, 100_000})
    void anOverlongNameIsMissing(int length) {
        assertThat(find("/" + "n".repeat(length))).isInstanceOf(Missing.class);
        assertThat(find("/n".repeat(length))).isInstanceOf(Missing.class);
    }

    @Test
    void hiddenFilesAreFoundWhereAllowed() {
        FileTree tree = tree(HiddenFiles.ALLOW, SymbolicLinks.INSIDE);

        assertThat(tree.find(RequestPath.parse("/.hidden"))).isInstanceOf(RegularFile.class);
        assertThat(tree.find(RequestPath.parse("/.git/config"))).isInstanceOf(RegularFile.class);
        assertThat(tree.find(RequestPath.parse("/../secret.txt"))).isInstanceOf(Missing.class);
        assertThat(tree.find(RequestPath.parse("/."))).isInstanceOf(Missing.class);
    }

    @ParameterizedTest(name = "links {0}: {1} is {2}")
    @CsvSource({
        "INSIDE, /in.txt, RegularFile",
        "DENY, /in.txt, Missing",
        "FOLLOW, /in.txt, RegularFile",
        "INSIDE, /indir/b.txt, RegularFile",
        "DENY, /indir/b.txt, Missing",
        "FOLLOW, /indir/b.txt, RegularFile",
        "INSIDE, /out.txt, Missing",
        "DENY, /out.txt, Missing",
        "FOLLOW, /out.txt, RegularFile",
        "INSIDE, /outdir/, Missing",
        "DENY, /outdir/, Missing",
        "FOLLOW, /outdir/, Directory",
        "INSIDE, /outdir/secret.txt, Missing",
        "DENY, /outdir/secret.txt, Missing",
        "FOLLOW, /outdir/secret.txt, RegularFile",
        "INSIDE, /prefix/c.txt, Missing",
        "INSIDE, /chain.txt, Missing",
        "INSIDE, /back.txt, RegularFile",
        "DENY, /back.txt, Missing",
        "INSIDE, /broken, Missing",
        "FOLLOW, /broken, Missing",
        "INSIDE, /circle, Missing",
        "FOLLOW, /circle, Missing",
        "DENY, /circle, Missing",
        "INSIDE, /root/a.txt, RegularFile",
        "DENY, /root/a.txt, Missing"
    })
    void followsLinksByPolicy(SymbolicLinks policy, String path, String expected) throws IOException {
        link("in.txt", "a.txt");
        link("indir", "sub");
        link("out.txt", "../secret.txt");
        link("outdir", outside.toString());
        link("prefix", "../served-not");
        link("chain.txt", "sub/next");
        link("sub/next", "../../secret.txt");
        link("back.txt", "../served/a.txt");
        link("broken", "nowhere");
        link("circle", "circle");
        link("root", ".");

        Resource found = tree(HiddenFiles.DENY, policy).find(RequestPath.parse(path));

        assertThat(found.getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    void handsOnTheRealPathSoThatTheLinkIsNotReadAgain() throws IOException {
        link("in.txt", "a.txt");

        assertThat(find("/in.txt"))
                .isInstanceOfSatisfying(
                        RegularFile.class, found -> assertThat(found.path()).isEqualTo(root.resolve("a.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSIDE", "DENY", "FOLLOW"})
    void theDirectoryItselfMayBeALinkThatIsTurned(SymbolicLinks policy) throws IOException {
        Path current = Files.createSymbolicLink(outside.resolve("current"), root);
        FileTree tree = new FileTree(current, HiddenFiles.DENY, policy, NameRules.POSIX);
        assertThat(tree.find(RequestPath.parse("/a.txt"))).isInstanceOf(RegularFile.class);

        Files.delete(current);
        Files.createSymbolicLink(current, root.resolve("sub"));

        assertThat(tree.find(RequestPath.parse("/a.txt"))).isInstanceOf(Missing.class);
        assertThat(tree.find(RequestPath.parse("/b.txt"))).isInstanceOf(RegularFile.class);
    }

    @Test
    @Timeout(120)
    void aPipeIsMissingAndNeverOpened() throws IOException, InterruptedException {
        Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertThat(mkfifo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.exists(root.resolve("pipe"))).isTrue();

        assertThat(find("/pipe")).isInstanceOf(Missing.class);
        assertThat(names(SymbolicLinks.INSIDE)).doesNotContain("pipe");
    }

    @Test
    void aDeviceIsMissing() throws IOException {
        link("zero", "/dev/zero");

        assertThat(tree(HiddenFiles.DENY, SymbolicLinks.FOLLOW).find(RequestPath.parse("/zero")))
                .isInstanceOf(Missing.class);
    }

    @Test
    void whatTheProcessMayNotReadIsMissing() throws IOException {
        Path locked = Files.writeString(root.resolve("locked.txt"), "l");
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(locked)).as("root may read everything").isFalse();

        assertThat(find("/locked.txt")).isInstanceOf(Missing.class);
        assertThat(names(SymbolicLinks.INSIDE)).doesNotContain("locked.txt");
    }

    @Test
    void listsExactlyWhatCanBeFound() throws IOException {
        link("in.txt", "a.txt");
        link("out.txt", "../secret.txt");
        link("broken", "nowhere");
        Files.writeString(root.resolve("back\\slash"), "x");

        assertThat(names(SymbolicLinks.INSIDE)).containsExactlyInAnyOrder("a.txt", "in.txt", "sub");
        assertThat(names(SymbolicLinks.DENY)).containsExactlyInAnyOrder("a.txt", "sub");
        assertThat(names(SymbolicLinks.FOLLOW)).containsExactlyInAnyOrder("a.txt", "in.txt", "out.txt", "sub");
    }

    @Test
    void aDirectoryThatIsGoneCannotBeListed() throws IOException {
        RequestPath path = RequestPath.parse("/sub/deep/");
        FileTree tree = tree(HiddenFiles.DENY, SymbolicLinks.INSIDE);
        Directory found = (Directory) tree.find(path);
        Files.delete(root.resolve("sub/deep"));

        assertThatThrownBy(() -> tree.list(path, found)).isInstanceOf(NoSuchFileException.class);
    }

    private Resource find(String path) {
        return tree(HiddenFiles.DENY, SymbolicLinks.INSIDE).find(RequestPath.parse(path));
    }

    private List<String> names(SymbolicLinks policy) throws IOException {
        RequestPath path = RequestPath.parse("/");
        FileTree tree = tree(HiddenFiles.DENY, policy);
        return tree.list(path, (Directory) tree.find(path)).stream()
                .map(Entry::name)
                .toList();
    }

    private FileTree tree(HiddenFiles hiddenFiles, SymbolicLinks symbolicLinks) {
        return new FileTree(root, hiddenFiles, symbolicLinks, NameRules.POSIX);
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }
}
