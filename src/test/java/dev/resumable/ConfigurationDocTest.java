// SPDX-License-Identifier: Apache-2.0
package dev.resumable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.files.FilesConfig;
import dev.resumable.filter.RangeConfig;
import dev.resumable.proxy.ProxyConfig;
import dev.resumable.proxy.ProxyHooks;
import dev.resumable.servlet.InitParameters;
import dev.resumable.upload.UploadConfig;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What {@code docs/configuration.md}, {@code docs/files.md} and the example's web.xml say of the init-params, against the records. */
@DisplayName("the documentation of the init-params")
final class ConfigurationDocTest {

    private static final Path PROJECT = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));

    /** An init-param as a reader sees it: its default is a value, "none" or "required"; choices are those of an enum. */
    private record Parameter(String name, String defaultValue, Set<String> choices) {}

    @Test
    @DisplayName("lists those of RangeServletFilter with their defaults")
    void filter() throws Exception {
        assertThat(table("docs/configuration.md", "## RangeServletFilter"))
                .containsExactlyInAnyOrderElementsOf(componentsOf(RangeConfig.defaults()));
    }

    @Test
    @DisplayName("lists those of FileServlet with their defaults")
    void fileServlet(@TempDir Path directory) throws Exception {
        List<Parameter> expected = componentsOf(FilesConfig.defaults(directory));

        assertThat(table("docs/configuration.md", "## FileServlet")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(table("docs/files.md", "### Init-params")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    @DisplayName("lists those of UploadServlet with their defaults")
    void uploadServlet(@TempDir Path directory) throws Exception {
        assertThat(table("docs/configuration.md", "## UploadServlet"))
                .containsExactlyInAnyOrderElementsOf(componentsOf(UploadConfig.defaults(directory)));
    }

    @Test
    @DisplayName("lists those of ProxyServlet with their defaults")
    void proxyServlet() throws Exception {
        assertThat(table("docs/configuration.md", "## ProxyServlet"))
                .contains(new Parameter("target", "none", Set.of()))
                .filteredOn(parameter -> !parameter.name().equals("target"))
                .containsExactlyInAnyOrderElementsOf(componentsOfProxy());
    }

    /** Without the one that has to be given, in whichever form. */
    private static List<Parameter> componentsOfProxy() throws ReflectiveOperationException {
        return componentsOf(ProxyConfig.to("http://127.0.0.1")).stream()
                .filter(parameter -> !parameter.name().equals("target"))
                .toList();
    }

    @Test
    @DisplayName("is repeated in the example's web.xml, where every default is commented out")
    void webXml(@TempDir Path directory) throws Exception {
        assertThat(commentedParameters("RangeConfig"))
                .containsExactlyInAnyOrderElementsOf(lines(componentsOf(RangeConfig.defaults())));
        assertThat(commentedParameters("UploadConfig"))
                .containsExactlyInAnyOrderElementsOf(lines(componentsOf(UploadConfig.defaults(directory))));
        assertThat(commentedParameters("ProxyConfig"))
                .filteredOn(line -> !line.equals("target="))
                .containsExactlyInAnyOrderElementsOf(lines(componentsOfProxy()));
    }

    private static List<String> lines(List<Parameter> parameters) {
        return parameters.stream()
                .map(parameter -> parameter.name() + "=" + inWebXml(parameter.defaultValue()))
                .toList();
    }

    private static String inWebXml(String defaultValue) {
        return switch (defaultValue) {
            case "none" -> "";
            case "required" -> "/path/to/uploads";
            default -> defaultValue;
        };
    }

    // ---- the record

    private static List<Parameter> componentsOf(Record config) throws ReflectiveOperationException {
        List<Parameter> parameters = new ArrayList<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            if (component.getType() == ProxyHooks.class) {
                // Functions, for code only.
                continue;
            }
            if (component.getAccessor().invoke(config) instanceof Record shared) {
                parameters.addAll(componentsOf(shared));
                continue;
            }
            parameters.add(new Parameter(
                    kebabCase(component.getName()),
                    spelled(component.getAccessor().invoke(config)),
                    choices(component.getType())));
        }
        return parameters;
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Set<String> choices(Class<?> type) {
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants())
                        .map(constant -> InitParameters.spelling((Enum<?>) constant))
                        .collect(Collectors.toCollection(TreeSet::new))
                : Set.of();
    }

    private static String spelled(Object value) {
        if (value instanceof Enum<?> constant) {
            return InitParameters.spelling(constant);
        }
        if (value instanceof Long size) {
            return spelledSize(size);
        }
        if (value instanceof Duration time) {
            if (time.toMillis() % 1000 != 0) {
                return time.toMillis() + "ms";
            }
            return time.toSeconds() % 3600 == 0 ? time.toHours() + "h" : time.toSeconds() + "s";
        }
        if (Set.of(Optional.empty(), OptionalLong.empty(), List.of(), Set.of()).contains(value)) {
            return "none";
        }
        // The one path that is always there is the one that has to be given.
        return value instanceof Path ? "required" : String.valueOf(value);
    }

    private static String spelledSize(long bytes) {
        String unit = "";
        long count = bytes;
        for (String larger : List.of("KiB", "MiB", "GiB")) {
            if (count % 1024 == 0 && count > 0) {
                count /= 1024;
                unit = larger;
            }
        }
        return count + unit;
    }

    // ---- the page

    private static List<Parameter> table(String page, String heading) throws IOException {
        return Files.readAllLines(PROJECT.resolve(page)).stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("##"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|"))
                .map(cells -> new Parameter(code(cells[1]), code(cells[3]), choicesIn(cells[2])))
                .toList();
    }

    private static String code(String cell) {
        return cell.replace("`", "").strip();
    }

    private static Set<String> choicesIn(String cell) {
        return cell.contains("`")
                ? Arrays.stream(cell.split(","))
                        .map(ConfigurationDocTest::code)
                        .collect(Collectors.toCollection(TreeSet::new))
                : Set.of();
    }

    // ---- web.xml

    /** Those between the two marks of a record, read as XML once their comment signs are gone. */
    private static List<String> commentedParameters(String config) throws Exception {
        String text = Files.readString(PROJECT.resolve("webapp-example/src/main/webapp/WEB-INF/web.xml"));
        String marked = text.substring(
                text.indexOf("<!-- BEGIN init-params of " + config), text.indexOf("<!-- END init-params of " + config));
        String uncommented = "<all>" + marked.replace("<!--", "").replace("-->", "") + "</all>";
        Element all = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(uncommented)))
                .getDocumentElement();
        NodeList names = all.getElementsByTagName("param-name");
        NodeList values = all.getElementsByTagName("param-value");
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < names.getLength(); i++) {
            parameters.add(names.item(i).getTextContent() + "=" + values.item(i).getTextContent());
        }
        return parameters;
    }
}
