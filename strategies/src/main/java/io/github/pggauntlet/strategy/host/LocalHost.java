package io.github.pggauntlet.strategy.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The machine that this program runs on. */
public final class LocalHost implements Host {

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
            CompletableFuture<String> output = read(process.getInputStream());
            CompletableFuture<String> errors = read(process.getErrorStream());
            if (!process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HostException("'" + command + "' did not end on " + name + " within "
                        + command.limit().toMillis() + " ms and was killed.");
            }
            // A grandchild may hold the pipes open; what was written until now is what there is.
            return new CommandResult(command, process.exitValue(), settled(output), settled(errors));
        } catch (IOException e) {
            throw new HostException("'" + command + "' could not be talked to on " + name + ".", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
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

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.complete("");
                    }
                },
                "command-output");
        reader.setDaemon(true);
        reader.start();
        return text;
    }

    private static String settled(CompletableFuture<String> text) throws InterruptedException {
        try {
            return text.get(1, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
            return "";
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
        Path draft = target.resolveSibling(target.getFileName() + ".draft");
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(permissions(mode)));
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(content));
                channel.force(true);
            }
            // The umask may have taken something away.
            Files.setPosixFilePermissions(draft, permissions(mode));
            if (!Files.getOwner(draft).getName().equals(owner)) {
                Files.setOwner(
                        draft,
                        draft.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(target.resolveSibling("."));
        } catch (IOException | UncheckedIOException e) {
            throw new HostException("The file " + path + " could not be written on " + name + ": " + e, e);
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
