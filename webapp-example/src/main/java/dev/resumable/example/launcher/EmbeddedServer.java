// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The server's jars, unpacked to a temporary directory, and the server that runs from them.
 *
 * <p>{@link JettyServer} lives in a class loader of its own, which also has the WAR's root as its source. So the class
 * that this one names would be another one: it is called by its JDK types alone, {@code Callable} (start, giving the
 * URI) and {@code AutoCloseable} (stop).
 */
final class EmbeddedServer {
    private static final String JARS = "WEB-INF/lib-provided/";
    private static final String SERVER = "dev.resumable.example.launcher.JettyServer";

    private final Path war;
    private final TemporaryDirectory directory;
    private volatile AutoCloseable server = () -> {};

    /** A server that will run {@code war} and keep its files in {@code directory}. */
    EmbeddedServer(Path war, TemporaryDirectory directory) {
        this.war = war;
        this.directory = directory;
    }

    /**
     * Starts the server and returns when it accepts requests.
     *
     * @return where it listens: {@code http://HOST:PORT/}
     */
    URI start(CommandLine.Start options) throws Exception {
        ClassLoader loader = new URLClassLoader(unpack(), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        Object made = loader.loadClass(SERVER)
                .getConstructor(String.class, int.class, Path.class, Path.class)
                .newInstance(options.host(), options.port(), war, directory.subdirectory("work"));
        server = (AutoCloseable) made;
        for (Map.Entry<String, String> setting : settings(options).entrySet()) {
            made.getClass()
                    .getMethod("set", String.class, String.class)
                    .invoke(made, setting.getKey(), setting.getValue());
        }
        if (options.upstream().isPresent()) {
            made.getClass()
                    .getMethod("passTo", String.class)
                    .invoke(made, options.upstream().get());
        }
        return (URI) ((Callable<?>) made).call();
    }

    /** What the application is told, by init-params of its context. */
    private Map<String, String> settings(CommandLine.Start options) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        options.directory().ifPresent(files -> settings.put("files.dir", files.toString()));
        settings.put("uploads.dir", DataDirectory.of(options, directory).toString());
        options.uploads().ownerField().ifPresent(field -> settings.put("uploads.owner-field", field));
        return settings;
    }

    /** Stops the server, if it runs, and removes the temporary directory. */
    void stop() {
        try {
            server.close();
        } catch (Exception e) {
            System.err.println("webapp-example: " + e);
        }
        directory.delete();
    }

    private URL[] unpack() throws IOException {
        Path target = directory.subdirectory("lib");
        List<URL> urls = new ArrayList<>(List.of(war.toUri().toURL()));
        try (JarFile jar = new JarFile(war.toFile())) {
            for (JarEntry entry :
                    jar.stream().filter(EmbeddedServer::isServerJar).toList()) {
                Path file = target.resolve(entry.getName().substring(JARS.length()));
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, file);
                }
                urls.add(file.toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static boolean isServerJar(JarEntry entry) {
        return entry.getName().startsWith(JARS) && entry.getName().endsWith(".jar");
    }
}
