// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.FreePort;
import dev.resumable.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A web server of the machine, as one process in the foreground; {@code .ci/run} installs them. */
enum RealUpstream {
    NGINX("nginx") {
        @Override
        String configuration(Path directory, int port) {
            return """
                    daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log; events {}
                    http {
                      access_log off; client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
                      fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                      types { text/plain txt; } gzip on; gzip_types text/plain; gzip_proxied any;
                      server {
                        listen 127.0.0.1:%2$d; root %1$s/root;
                        location /slow/ { alias %1$s/root/; limit_rate 4m; }
                        location /secret/ { alias %1$s/root/; auth_basic secret; auth_basic_user_file %1$s/users; }
                      }
                    }
                    """.formatted(directory, port);
        }

        @Override
        List<String> command(Path directory, Path configuration) {
            return List.of(
                    "nginx",
                    "-p",
                    directory.toString(),
                    "-e",
                    directory + "/error.log",
                    "-c",
                    configuration.toString());
        }
    },
    HTTPD("apache2") {
        @Override
        String configuration(Path directory, int port) {
            String modules = Stream.of(
                            "mpm_event",
                            "authz_core",
                            "authz_user",
                            "authn_core",
                            "authn_file",
                            "auth_basic",
                            "alias",
                            "mime",
                            "filter",
                            "deflate",
                            "ratelimit",
                            "env")
                    .map(name -> "LoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so\n")
                    .reduce("", String::concat);
            return modules + """
                    ServerName 127.0.0.1
                    Listen 127.0.0.1:%2$d
                    User nobody
                    Group nogroup
                    PidFile %1$s/pid
                    DefaultRuntimeDir %1$s
                    ErrorLog %1$s/error.log
                    DocumentRoot %1$s/root
                    TypesConfig /dev/null
                    AddType text/plain .txt
                    AddOutputFilterByType DEFLATE text/plain
                    Alias /slow/ %1$s/root/
                    Alias /secret/ %1$s/root/
                    <Location /slow/>
                      SetOutputFilter RATE_LIMIT
                      SetEnv rate-limit 4096
                    </Location>
                    <Location /secret/>
                      AuthType Basic
                      AuthName secret
                      AuthUserFile %1$s/users
                      Require valid-user
                    </Location>
                    """.formatted(directory, port);
        }

        @Override
        List<String> command(Path directory, Path configuration) {
            return List.of("apache2", "-X", "-d", directory.toString(), "-f", configuration.toString());
        }
    };

    private final String program;

    RealUpstream(String program) {
        this.program = program;
    }

    abstract String configuration(Path directory, int port);

    abstract List<String> command(Path directory, Path configuration);

    /** Why it cannot be started here; nothing if it can. */
    Optional<String> missing() {
        boolean there = Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        return there ? Optional.empty() : Optional.of(program + " is not installed");
    }

    /** A server that runs. */
    static final class Running implements AutoCloseable {

        private final RealUpstream kind;
        private final Path directory;
        private final int port;
        private Process process;

        private Running(RealUpstream kind, Path directory, int port) throws IOException {
            this.kind = kind;
            this.directory = directory;
            this.port = port;
            this.process = launch();
        }

        private Process launch() throws IOException {
            Path configuration =
                    Files.writeString(directory.resolve("server.conf"), kind.configuration(directory, port));
            Process launched = new ProcessBuilder(kind.command(directory, configuration))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("output.log").toFile()))
                    .start();
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                assertThat(launched.isAlive()).isTrue();
                try (RawClient client = RawClient.connect(port)) {
                    return client.get("/").status() > 0;
                }
            });
            return launched;
        }

        String url() {
            return "http://127.0.0.1:" + port;
        }

        /** Kills it as a crash does, and starts it again on the same port. */
        void crashAndRestart() throws IOException, InterruptedException {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            process = launch();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Starts it in an empty directory; what is in {@code root} below it is served, the user is "me" with the password "key". */
    Running start(Path directory) throws IOException {
        // The server may have another user's rights.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("users"), "me:{SHA}pi8iJb9wv6zLx/HvKjl4NnFzd94=\n");
        return new Running(this, directory, FreePort.find());
    }
}
