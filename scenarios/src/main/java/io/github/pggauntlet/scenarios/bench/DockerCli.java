package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The program {@code docker}, as an engineer types it. Safe for use by several threads. */
public final class DockerCli {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Map<String, String> environment;

    /** For the engine that has the images, unless {@code DOCKER_HOST} names another. */
    public DockerCli(Images images) {
        Optional<String> engine = Optional.ofNullable(System.getenv("DOCKER_HOST"))
                .filter(host -> !host.isBlank())
                .or(images::engine);
        this.environment = engine.map(host -> Map.of("DOCKER_HOST", host)).orElse(Map.of());
    }

    /**
     * Runs a command.
     *
     * @return what it has written to its standard output, without white space around it
     * @throws EnvironmentException if it fails or takes too long
     */
    public String run(String... arguments) throws InterruptedException {
        return run(LIMIT, Map.of(), List.of(arguments));
    }

    /** As {@link #run(String...)}, with a limit of its own and variables that do not show in the command line. */
    String run(Duration limit, Map<String, String> secrets, List<String> arguments) throws InterruptedException {
        Process process = start(secrets, arguments);
        CompletableFuture<String> out = read(process.getInputStream());
        CompletableFuture<String> errors = read(process.getErrorStream());
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EnvironmentException(
                        "'" + name(arguments) + "' did not end within " + limit.toSeconds() + " s.");
            }
            String text = out.get(limit.toMillis(), TimeUnit.MILLISECONDS).strip();
            if (process.exitValue() != 0) {
                throw new EnvironmentException("'" + name(arguments) + "' failed: "
                        + errors.get(limit.toMillis(), TimeUnit.MILLISECONDS).strip());
            }
            return text;
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new EnvironmentException("'" + name(arguments) + "' could not be listened to: " + e.getMessage(), e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts a command and leaves it to the caller. */
    Process start(Map<String, String> secrets, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().putAll(secrets);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new EnvironmentException(
                    "The program 'docker' could not be started (" + e.getMessage()
                            + "); the benchmarks need it for the side that is done by hand.",
                    e);
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.completeExceptionally(new UncheckedIOException(e));
                    }
                },
                "docker-output");
        reader.setDaemon(true);
        reader.start();
        return text;
    }

    /** A script is not repeated in messages. */
    private static String name(List<String> arguments) {
        return "docker "
                + arguments.stream()
                        .filter(word -> !word.contains("\n"))
                        .limit(4)
                        .toList();
    }
}
