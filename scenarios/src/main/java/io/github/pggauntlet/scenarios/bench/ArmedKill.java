package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command that kills when it is sent a line, and answers with lines of its own. For use by one thread. */
final class ArmedKill implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Both sides keep their data in the same place. */
    private static final String KILL = "pid=$(head -n 1 /var/lib/gauntlet/data/postmaster.pid); echo armed; read -r go;"
            + " kill -s KILL \"$pid\" && echo killed";

    private final Process process;
    private final BufferedReader answers;

    private ArmedKill(Process process) throws InterruptedException {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        await("armed");
    }

    /**
     * Prepares the killing of the postmaster that a container has. The command that kills is under way already and only waits
     * for a line, so that starting it costs nothing when the time comes.
     */
    static ArmedKill in(DockerCli docker, String container) throws InterruptedException {
        return new ArmedKill(docker.start(
                Map.of(), List.of("exec", "--interactive", "--user", "postgres", container, "sh", "-c", KILL)));
    }

    /** Kills. Returns once the signal has been sent. */
    void kill() throws InterruptedException {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new EnvironmentException("The postmaster could not be killed: " + e.getMessage(), e);
        }
        await("killed");
    }

    private void await(String wanted) throws InterruptedException {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return String.valueOf(answers.readLine());
            } catch (IOException e) {
                return e.toString();
            }
        });
        try {
            String seen = line.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!seen.equals(wanted)) {
                close();
                throw new EnvironmentException("The postmaster could not be killed: '" + seen + "' was answered.");
            }
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new EnvironmentException("The postmaster was not killed within " + LIMIT.toSeconds() + " s.", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
