package io.github.pggauntlet.strategy.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine that this program runs on. */
public final class LocalHost implements Host {

    private static final Logger LOG = LoggerFactory.getLogger(LocalHost.class);

    /** How long to wait for the rest of a command's output once it has ended. */
    private static final Duration DRAIN = Duration.ofSeconds(1);

    /** Until a file is whole only its writer may read it, and may write it whatever its mode will be. */
    private static final int DRAFT_MODE = 0600;

    private final String name;
    private final String address;

    /**
     * @param name the machine's name, as messages call it
     * @param address the address at which others reach it
     */
    public LocalHost(String name, String address) {
        this.name = name;
        this.address = address;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        Process process = start(command);
        try {
            process.getOutputStream().close();
            Pipe output = new Pipe(process.getInputStream());
            Pipe errors = new Pipe(process.getErrorStream());
            if (!process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HostException("'" + command + "' did not end on " + name + " within "
                        + command.limit().toMillis() + " ms and was killed.");
            }
            // A grandchild may hold the pipes open; what was written until now is what there is.
            long deadline = System.nanoTime() + DRAIN.toNanos();
            return new CommandResult(command, process.exitValue(), output.text(deadline), errors.text(deadline));
        } catch (IOException e) {
            throw new HostException("'" + command + "' could not be talked to on " + name + ".", e);
        } finally {
            kill(process);
        }
    }

    /** From the top, so that no parent goes on to its next step, or starts another child, when a child ends. */
    private static void kill(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
    }

    private Process start(Command command) {
        ProcessBuilder builder = new ProcessBuilder(command.arguments());
        builder.environment().putAll(command.environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new HostException("'" + command + "' could not be started on " + name + ": " + e.getMessage(), e);
        }
    }

    /** What a process writes, collected on a thread of its own. */
    private static final class Pipe {

        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final CountDownLatch ended = new CountDownLatch(1);

        Pipe(InputStream stream) {
            Thread reader = new Thread(
                    () -> {
                        try {
                            stream.transferTo(written);
                        } catch (IOException e) {
                            // The process was killed; what it wrote before is what there is.
                            LOG.trace("A command's output has broken off.", e);
                        } finally {
                            ended.countDown();
                        }
                    },
                    "command-output");
            reader.setDaemon(true);
            reader.start();
        }

        /** All of it, or what there is at the deadline. */
        String text(long deadline) throws InterruptedException {
            if (!ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.trace("A command's output was left open by a child that lives on.");
            }
            return written.toString(StandardCharsets.UTF_8);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws HostException if the owner is another user than the one this program runs as, and that user may not give
     *     files away
     */
    @Override
    public void put(String path, byte[] content, String owner, int mode) {
        Path target = Path.of(path);
        // A name of its own, so that nobody who writes the same file at the same time comes between.
        Path draft = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".draft");
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(permissions(DRAFT_MODE)));
            write(draft, content);
            Files.setPosixFilePermissions(draft, permissions(mode));
            if (!Files.getOwner(draft).getName().equals(owner)) {
                Files.setOwner(
                        draft,
                        draft.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(target.resolveSibling("."));
        } catch (IOException | UncheckedIOException e) {
            discard(draft);
            throw new HostException("The file " + path + " could not be written on " + name + ": " + e, e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            // A disk that is nearly full takes a part and only refuses the next.
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /** A draft may hold a secret. */
    private static void discard(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            LOG.warn("The draft {} could not be removed: {}", draft, e.getMessage());
        }
    }

    /** Makes the entries of a directory durable, a new name in it above all. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public byte[] get(String path) {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (IOException e) {
            throw new HostException("The file " + path + " could not be read on " + name + ": " + e, e);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] byBit = {
            PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
        };
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < byBit.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(byBit[bit]);
            }
        }
        return permissions;
    }
}
