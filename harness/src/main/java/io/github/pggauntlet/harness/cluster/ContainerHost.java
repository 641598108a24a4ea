package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine that is a container. Commands run through the engine's exec.
 *
 * <p>It keeps the container's id, not its state: the same object serves after the machine was killed and started again.
 */
public final class ContainerHost implements Host {

    private static final Logger log = LoggerFactory.getLogger(ContainerHost.class);

    /**
     * Tells its process id, which stays the same over the exec, waits until the machine's init takes orders, then becomes
     * the command under a time limit. {@code timeout} leads a process group of its own, so that the command is killed
     * together with its children. The wait is here and not a command of its own because each exec costs the engine as
     * much as some tens of milliseconds; {@code /run} is empty after a boot, so nothing from before it is seen.
     */
    private static final String UNDER_A_LIMIT = """
            echo "$$"
            limit=$1
            shift
            patience=1000
            until [ -p /run/node-init/enable ]; do
              patience=$((patience - 1))
              if [ "$patience" -eq 0 ]; then
                echo "the machine's init did not take orders within 10 s of this command" >&2
                exit 125
              fi
              sleep 0.01
            done
            exec timeout --kill-after=1 --signal=TERM "$limit" "$@"
            """;

    /**
     * Copies a staged file beside its place, gives it its owner and mode, makes sure it is on disk, and only then gives
     * it its name.
     */
    private static final String INTO_PLACE = """
            owner=$1 mode=$2 staged=$3 path=$4
            copy=$path.$$.tmp
            trap 'rm -f "$staged" "$copy"' EXIT
            umask 077
            cp "$staged" "$copy" && chown "$owner:" "$copy" && chmod "$mode" "$copy" && sync "$copy" &&
            mv -fT "$copy" "$path" && sync "${path%/*}/"
            """;

    /** What {@code timeout} reports when it ended the command, by its two ways. */
    private static final List<Integer> TIMED_OUT = List.of(124, 137);

    /** What {@code timeout} reports, and says, when there is no such program. */
    private static final int NOT_FOUND = 127;

    private static final String NOT_RUN = "timeout: failed to run command";

    /** What the kernel makes of SIGKILL; also what is left of a command whose container was killed. */
    private static final int KILLED = 137;

    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration FILE = Duration.ofSeconds(30);
    private static final Duration EXIT_STATUS = Duration.ofSeconds(2);

    private final String name;
    private final String containerId;
    private final Engine engine;

    ContainerHost(String name, String containerId, Engine engine) {
        this.name = name;
        this.containerId = containerId;
        this.engine = engine;
    }

    @Override
    public String name() {
        return name;
    }

    /** The machine's name: its network resolves it, also after a restart with a new IP address. */
    @Override
    public String address() {
        return name;
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        Ended ended = execute(command);
        return new CommandResult(
                command,
                ended.status(),
                new String(ended.output().out(), StandardCharsets.UTF_8),
                ended.output().err());
    }

    private record Ended(int status, Output output) {}

    private Ended execute(Command command) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", UNDER_A_LIMIT, "sh"));
        arguments.add(Double.toString(command.limit().toMillis() / 1000.0));
        arguments.addAll(command.arguments());
        List<String> environment = command.environment().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();

        String execId = ask(
                "start '" + command + "'",
                () -> engine.docker()
                        .execCreateCmd(containerId)
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withEnv(environment)
                        .withCmd(arguments.toArray(String[]::new))
                        .exec()
                        .getId());
        Output output = new Output();
        long started = System.nanoTime();
        try (output) {
            engine.docker().execStartCmd(execId).exec(output);
            if (!output.awaitCompletion(command.limit().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                kill(output);
                throw tooLong(command, describeState());
            }
        } catch (InterruptedException e) {
            killUninterrupted(output);
            throw e;
        } catch (DockerException e) {
            throw unreachable("start '" + command + "'", e);
        } catch (IOException e) {
            throw new HostException("The connection to " + name + " could not be closed: " + e.getMessage() + ".", e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        int status = status(command, execId);
        if (TIMED_OUT.contains(status) && took.compareTo(command.limit()) >= 0) {
            throw tooLong(command, "it was killed");
        }
        if (status == KILLED && !isRunning()) {
            throw new HostException(
                    "The machine " + name + " stopped while '" + command + "' ran: " + describeState() + ".");
        }
        if (status == NOT_FOUND && output.err().startsWith(NOT_RUN)) {
            throw new HostException("'" + command + "' could not be started on " + name + ": "
                    + output.err().strip());
        }
        return new Ended(status, output);
    }

    private HostException tooLong(Command command, String seen) {
        return new HostException("'" + command + "' on " + name + " did not end within "
                + Bounded.seconds(command.limit()) + ": " + seen + ".");
    }

    /** The exit status, which the engine knows a moment after it has closed the streams. */
    private int status(Command command, String execId) throws InterruptedException {
        long deadline = System.nanoTime() + EXIT_STATUS.toNanos();
        while (true) {
            InspectExecResponse exec = ask(
                    "see how '" + command + "' ended",
                    () -> engine.docker().inspectExecCmd(execId).exec());
            Long status = exec.getExitCodeLong();
            if (!Boolean.TRUE.equals(exec.isRunning()) && status != null) {
                return status.intValue();
            }
            if (System.nanoTime() > deadline) {
                throw new HostException(
                        "'" + command + "' on " + name + " closed its output, but the engine did not say" + " within "
                                + Bounded.seconds(EXIT_STATUS) + " how it ended: " + describeState() + ".");
            }
            Thread.sleep(1);
        }
    }

    private void kill(Output output) throws InterruptedException {
        Optional<String> group = output.awaitProcess(GRACE);
        if (group.isPresent() && isRunning()) {
            try {
                String execId = ask(
                        "kill a command",
                        () -> engine.docker()
                                .execCreateCmd(containerId)
                                // The shell's own kill: programs of that name disagree on how a group is named.
                                .withCmd("/bin/sh", "-c", "kill -s KILL -- \"-$1\"", "sh", group.get())
                                .withAttachStdout(true)
                                .withAttachStderr(true)
                                .exec()
                                .getId());
                try (Output killed = new Output()) {
                    engine.docker().execStartCmd(execId).exec(killed);
                    killed.awaitCompletion(GRACE.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (HostException | DockerException | IOException e) {
                // A frozen or dying machine: what cannot run there now is not killed either.
                log.debug("A command on {} could not be killed", name, e);
            }
        }
    }

    /** Kills on behalf of an interrupted thread, whose own waits would all fail at once. */
    private void killUninterrupted(Output output) {
        Future<Boolean> killing = engine.bounded().start(() -> {
            kill(output);
            return true;
        });
        boolean interrupted = Thread.interrupted();
        try {
            killing.get(GRACE.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("An interrupted command on {} could not be killed", name, e);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void put(String path, byte[] content, String owner, int mode) throws InterruptedException {
        int slash = path.lastIndexOf('/');
        if (slash < 0 || !path.startsWith("/") || slash == path.length() - 1) {
            throw new IllegalArgumentException("A file's path on a machine is absolute; '" + path + "' is not.");
        }
        // Staged in the root directory: the archive interface does not see what is mounted as tmpfs.
        String staged = ".gauntlet-" + UUID.randomUUID();
        byte[] archive = new TarFile().file(staged, content, 0600).bytes();
        ask("put " + path, FILE, () -> {
            engine.docker()
                    .copyArchiveToContainerCmd(containerId)
                    .withRemotePath("/")
                    .withTarInputStream(new ByteArrayInputStream(archive))
                    .exec();
            return true;
        });
        CommandResult placed = run(Command.of(
                FILE, "/bin/sh", "-c", INTO_PLACE, "put", owner, Integer.toOctalString(mode), "/" + staged, path));
        if (!placed.succeeded()) {
            throw new HostException("The file " + path + " could not be put on " + name + ": "
                    + placed.errors().strip() + ".");
        }
    }

    @Override
    public byte[] get(String path) throws InterruptedException {
        Ended ended = execute(Command.of(FILE, "cat", "--", path));
        if (ended.status() != 0) {
            throw new HostException("The file " + path + " could not be read on " + name + ": "
                    + ended.output().err().strip() + ".");
        }
        return ended.output().out();
    }

    String containerId() {
        return containerId;
    }

    boolean isRunning() throws InterruptedException {
        return Boolean.TRUE.equals(inspect().getState().getRunning());
    }

    InspectContainerResponse inspect() throws InterruptedException {
        return ask(
                "look at it",
                () -> engine.docker().inspectContainerCmd(containerId).exec());
    }

    /** What the engine says of the machine, for messages. */
    String describeState() throws InterruptedException {
        try {
            InspectContainerResponse.ContainerState state = inspect().getState();
            return "the machine is " + state.getStatus()
                    + (Boolean.TRUE.equals(state.getRunning()) ? "" : " with exit status " + state.getExitCodeLong());
        } catch (HostException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private <T> T ask(String what, Callable<T> action) throws InterruptedException {
        return ask(what, Engine.CALL, action);
    }

    private <T> T ask(String what, Duration limit, Callable<T> action) throws InterruptedException {
        try {
            return engine.bounded().call("the engine to " + what + " on " + name, limit, action);
        } catch (DockerException | EnvironmentException e) {
            throw unreachable(what, e);
        }
    }

    private HostException unreachable(String what, RuntimeException e) {
        String why = e instanceof ConflictException
                ? "it is paused or does not run"
                : e instanceof NotFoundException ? "there is no such machine or path" : "the engine did not do it";
        return new HostException(
                "The machine " + name + " could not be reached to " + what + ": " + why + " ("
                        + Optional.ofNullable(e.getMessage())
                                .orElse(e.toString())
                                .strip() + ").",
                e);
    }

    /** Collects what a command writes. The first line of its output is the id of its process group. */
    private static final class Output extends ResultCallback.Adapter<Frame> {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            ByteArrayOutputStream stream = frame.getStreamType() == StreamType.STDERR ? err : out;
            synchronized (this) {
                stream.writeBytes(frame.getPayload());
                notifyAll();
            }
        }

        private synchronized int firstLineEnd() {
            byte[] bytes = out.toByteArray();
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    return i;
                }
            }
            return -1;
        }

        synchronized Optional<String> awaitProcess(Duration limit) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            while (firstLineEnd() < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return Optional.empty();
                }
                wait(left);
            }
            return Optional.of(out.toString(StandardCharsets.UTF_8).substring(0, firstLineEnd()));
        }

        synchronized byte[] out() {
            byte[] bytes = out.toByteArray();
            return Arrays.copyOfRange(bytes, firstLineEnd() + 1, bytes.length);
        }

        synchronized String err() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }
}
