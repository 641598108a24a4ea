package io.github.pggauntlet.strategy.host.ssh;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.host.PosixShell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine that is reached over SSH. Needs {@code org.apache.sshd:sshd-core} on the class path; on the machine, a POSIX shell
 * as the user's login shell and the core utilities of GNU.
 *
 * <p>SSH carries a command as one line for the login shell, so every argument is quoted by {@link PosixShell}. Neither
 * environment variables nor files' contents are part of that line, which everybody on the machine could read: they go through
 * the command's standard input. A command runs under {@code timeout} there, so that it ends in time also when the connection
 * does not tell of its end, and it is killed together with its children.
 *
 * <p>The connection is made when it is first needed, kept, and made anew after it broke.
 *
 * <p>The scripts that run on the other side, which stand here beside what reads their answers, make it long.
 */
public final class SshHost implements Host, AutoCloseable {

    private static final long BETWEEN_TRIES = 20;
    private static final Logger LOG = LoggerFactory.getLogger(SshHost.class);

    /**
     * Tells its process id, takes what comes by standard input for variables or leaves it to the command, and becomes the
     * command under a time limit. {@code timeout} leads a process group of its own, whose id is the one that was told.
     */
    private static final String UNDER_A_LIMIT = """
            echo "$$"
            limit=$1 input=$2
            shift 2
            if [ "$input" = variables ]; then
              eval "$(cat)"
              exec timeout --kill-after=1 --signal=TERM "$limit" "$@" </dev/null
            fi
            exec timeout --kill-after=1 --signal=TERM "$limit" "$@"
            """;

    /**
     * Writes standard input beside a file's place, gives it its owner and mode, makes sure it is whole and on disk, and only
     * then gives it its name.
     */
    private static final String INTO_PLACE = """
            owner=$1 mode=$2 length=$3 path=$4
            draft=$path.$$.draft
            trap 'rm -f "$draft"' EXIT
            umask 077
            cat >"$draft" || exit
            arrived=$(wc -c <"$draft")
            if [ "$arrived" -ne "$length" ]; then
              echo "only $arrived of $length bytes arrived" >&2
              exit 1
            fi
            [ "$(stat -c %U "$draft")" = "$owner" ] || chown "$owner:" "$draft" || exit
            chmod "$mode" "$draft" && sync "$draft" && mv -fT "$draft" "$path" && sync "${path%/*}/"
            """;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What {@code timeout} reports when it ended the command, by its two ways. */
    private static final List<Integer> TIMED_OUT = List.of(124, 137);

    private static final Duration FILE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** How long to wait for the rest of a command's output once it has ended. */
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    /** What {@code timeout} reports, and says, when there is no such program. */
    private static final int NOT_FOUND = 127;

    private static final String NOT_RUN = "timeout: failed to run command";

    /** OpenSSH lets one connection carry ten sessions at once unless told otherwise. */
    private static final int AT_ONCE = 8;

    private final SshAccess access;
    private final SshClient client;
    private final Semaphore channels = new Semaphore(AT_ONCE, true);
    private @Nullable ClientSession session;

    /** @param access where the machine is, how it proves itself, and how we do */
    public SshHost(SshAccess access) {
        this.access = access;
        this.client = access.client();
        client.start();
    }

    @Override
    public String name() {
        return access.name();
    }

    @Override
    public String address() {
        return access.host();
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        Ended ended = execute(command, "variables", assignments(command.environment()));
        return new CommandResult(
                command,
                ended.status(),
                new String(ended.output(), StandardCharsets.UTF_8),
                new String(ended.errors(), StandardCharsets.UTF_8));
    }

    private static byte[] assignments(Map<String, String> environment) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is no name of an environment variable.");
            }
            lines.append("export ")
                    .append(name)
                    .append('=')
                    .append(PosixShell.quote(value))
                    .append('\n');
        });
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void put(String path, byte[] content, String owner, int mode) throws InterruptedException {
        requireAbsolute(path);
        Command command = Command.of(
                FILE,
                "sh",
                "-c",
                INTO_PLACE,
                "put",
                owner,
                Integer.toOctalString(mode),
                Integer.toString(content.length),
                path);
        Ended ended = execute(command, "content", content);
        if (ended.status() != 0) {
            throw new HostException("The file " + path + " could not be written on " + name() + ": " + ended.said());
        }
    }

    @Override
    public byte[] get(String path) throws InterruptedException {
        requireAbsolute(path);
        Ended ended = execute(Command.of(FILE, "cat", "--", path), "variables", new byte[0]);
        if (ended.status() != 0) {
            throw new HostException("The file " + path + " could not be read on " + name() + ": " + ended.said());
        }
        return ended.output();
    }

    private static void requireAbsolute(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("A file's path on a machine is absolute; '" + path + "' is not.");
        }
    }

    /** How a command ended; a class of its own, not a record, since it holds arrays. */
    private static final class Ended {

        private final int status;
        private final byte[] output;
        private final byte[] errors;

        Ended(int status, byte[] output, byte[] errors) {
            this.status = status;
            this.output = output;
            this.errors = errors;
        }

        int status() {
            return status;
        }

        byte[] output() {
            return output;
        }

        byte[] errors() {
            return errors;
        }

        String said() {
            return new String(errors, StandardCharsets.UTF_8).strip();
        }
    }

    private Ended execute(Command command, String input, byte[] content) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", UNDER_A_LIMIT, "sh"));
        words.add(Double.toString(command.limit().toMillis() / 1000.0));
        words.add(input);
        words.addAll(command.arguments());
        long deadline = System.nanoTime() + command.limit().plus(GRACE).toNanos();
        if (!channels.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new HostException("'" + command + "' had to wait too long on " + name() + " for other commands.");
        }
        try (Running running = open(PosixShell.line(words), content)) {
            return running.await(command, deadline);
        } catch (InterruptedIOException e) {
            InterruptedException interruption = new InterruptedException("interrupted while talking to " + name());
            interruption.initCause(e);
            throw interruption;
        } catch (IOException e) {
            throw new HostException("'" + command + "' could not be run on " + name() + ": " + reason(e), e);
        } finally {
            channels.release();
        }
    }

    /**
     * Opens a channel. A server refuses one beyond its {@code MaxSessions} (sshd_config), and may still count one that has ended
     * here: since nothing has been run then, it is asked again for as long as a connection may take.
     */
    private Running open(String line, byte[] content) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + access.limit().toNanos();
        while (true) {
            try {
                return openOnce(line, content);
            } catch (SshException e) {
                if (!(e.getCause() instanceof SshChannelOpenException) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES);
            }
        }
    }

    private Running openOnce(String line, byte[] content) throws IOException {
        ChannelExec channel;
        try {
            channel = session().createExecChannel(line);
        } catch (IllegalStateException e) {
            // The other side ends the session at this very moment.
            throw new IOException("the connection has just been closed", e);
        }
        Running running = new Running(channel, content);
        try {
            channel.open().verify(access.limit());
        } catch (IOException e) {
            channel.close(true);
            throw e;
        }
        return running;
    }

    /** A command that runs on the machine. Closing it kills it if it has not ended. */
    private final class Running implements AutoCloseable {

        private final ChannelExec channel;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private final CountDownLatch closed = new CountDownLatch(1);
        private boolean ended;

        Running(ChannelExec channel, byte[] content) {
            this.channel = channel;
            channel.setIn(new ByteArrayInputStream(content));
            channel.setOut(output);
            channel.setErr(errors);
            channel.addCloseFutureListener(future -> closed.countDown());
        }

        Ended await(Command command, long deadline) throws InterruptedException {
            long started = System.nanoTime();
            awaitStatus(command, deadline);
            boolean wholeTime = System.nanoTime() - started >= command.limit().toNanos();
            // A child that lives on may hold the streams open; what was written until now is what there is.
            boolean whole = closed.await(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
            Integer status = channel.getExitStatus();
            if (status == null) {
                String signal = channel.getExitSignal();
                throw new HostException("'" + command + "' on " + name()
                        + (signal == null
                                ? " did not tell how it ended: the connection broke."
                                : " was ended by the signal " + signal + "."));
            }
            ended = true;
            if (!whole) {
                LOG.trace("A command's output on {} was left open by a child that lives on.", name());
            }
            if (TIMED_OUT.contains(status) && wholeTime) {
                throw tooLong(command);
            }
            String said = errors.toString(StandardCharsets.UTF_8);
            if (status == NOT_FOUND && said.startsWith(NOT_RUN)) {
                throw new HostException("'" + command + "' could not be started on " + name() + ": " + said.strip());
            }
            byte[] all = output.toByteArray();
            return new Ended(status, Arrays.copyOfRange(all, firstLineEnd(all) + 1, all.length), errors.toByteArray());
        }

        /** Waits until the other end has told how the command ended, or the connection is gone. */
        private void awaitStatus(Command command, long deadline) throws InterruptedException {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                if (channel.getExitStatus() != null || channel.getExitSignal() != null) {
                    return;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw tooLong(command);
                }
            }
        }

        private HostException tooLong(Command command) {
            return new HostException("'" + command + "' did not end on " + name() + " within "
                    + command.limit().toMillis() + " ms and was killed.");
        }

        private static int firstLineEnd(byte[] bytes) {
            int end = 0;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            return end < bytes.length ? end : -1;
        }

        @Override
        public void close() {
            if (!ended && closed.getCount() > 0) {
                kill();
            }
            channel.close(true);
        }

        /** The other end does not kill what it runs when nobody listens any more. */
        private void kill() {
            byte[] all = output.toByteArray();
            int end = firstLineEnd(all);
            if (end <= 0) {
                return;
            }
            String group = new String(all, 0, end, StandardCharsets.UTF_8).strip();
            boolean interrupted = Thread.interrupted();
            // The shell's own kill: programs of that name disagree on how a group is named.
            String line = PosixShell.line(List.of("sh", "-c", "kill -s KILL -- \"-$1\"", "sh", group));
            try {
                ChannelExec killer = session().createExecChannel(line);
                CountDownLatch done = new CountDownLatch(1);
                killer.addCloseFutureListener(future -> done.countDown());
                killer.open().verify(GRACE);
                if (!done.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.debug("{} did not confirm that a command was killed", name());
                }
                killer.close(true);
            } catch (IOException | HostException e) {
                // Its own limit ends it there.
                LOG.debug("A command on {} could not be killed", name(), e);
            } catch (InterruptedException e) {
                interrupted = true;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private synchronized ClientSession session() throws IOException {
        ClientSession current = session;
        if (current != null && current.isOpen() && current.isAuthenticated()) {
            return current;
        }
        if (!client.isOpen()) {
            throw new HostException("The connection to " + name() + " has been closed.");
        }
        session = null;
        ClientSession fresh = client.connect(access.user(), access.host(), access.port())
                .verify(access.limit())
                .getSession();
        try {
            access.prove(fresh);
            fresh.auth().verify(access.limit());
        } catch (IOException | RuntimeException e) {
            fresh.close(true);
            throw e;
        }
        session = fresh;
        return fresh;
    }

    private String reason(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SshException ssh
                    && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE) {
                return "it does not prove with a known host key that it is " + access.host()
                        + "; compare its key with the one that was given or is in the known hosts file.";
            }
        }
        return Optional.ofNullable(e.getMessage()).orElse(e.toString());
    }

    /** Closes the connection. */
    @Override
    public void close() {
        client.stop();
    }
}
