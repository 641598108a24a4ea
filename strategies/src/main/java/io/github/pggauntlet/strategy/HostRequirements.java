package io.github.pggauntlet.strategy;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a strategy needs of its machines.
 *
 * @param minimumHosts how many machines it takes at least
 * @param arbiter whether it needs an arbiter beside the machines
 * @param programs the programs that must be on each machine's search path
 * @param files the files that must be on each machine; whoever provides the machines may put them there beforehand, all at
 *     once, and otherwise the strategy does while it installs itself
 * @param address whether it needs a virtual address that the machines may pass among themselves
 * @param rehearsal a command that may be run once beside those files, on a machine of the same kind, and that leaves there
 *     what makes later starts quicker; nothing depends on it. Empty if there is none.
 * @param fencing whether it needs a {@link FenceProgram} on each machine, to be named in the cluster's {@link Safeguards}
 * @param kernel the kernel of its own that each machine must have; empty if any machine will do
 */
public record HostRequirements(
        int minimumHosts,
        boolean arbiter,
        boolean address,
        Set<String> programs,
        List<ProvidedFile> files,
        List<String> rehearsal,
        boolean fencing,
        Optional<OwnKernel> kernel) {

    public HostRequirements {
        programs = Set.copyOf(programs);
        files = List.copyOf(files);
        rehearsal = List.copyOf(rehearsal);
    }

    /** Requirements that machines of any kind can fulfil, without a program that proves machines dead. */
    public HostRequirements(
            int minimumHosts,
            boolean arbiter,
            boolean address,
            Set<String> programs,
            List<ProvidedFile> files,
            List<String> rehearsal) {
        this(minimumHosts, arbiter, address, programs, files, rehearsal, false, Optional.empty());
    }

    /** Requirements without a virtual address. */
    public HostRequirements(
            int minimumHosts, boolean arbiter, Set<String> programs, List<ProvidedFile> files, List<String> rehearsal) {
        this(minimumHosts, arbiter, false, programs, files, rehearsal);
    }

    /**
     * A file wanted on each machine. Its path there contains a digest of what must lie there, so that a file that exists
     * is the right one.
     *
     * @param source the file here
     * @param target its absolute path on the machine
     */
    public record ProvidedFile(Path source, String target) {

        private static final Duration LIMIT = Duration.ofSeconds(30);
        private static final int READABLE = 0644;

        /**
         * Puts files on a machine, unless the last of them is there, and so are all.
         *
         * @param files files that belong together
         * @return whether they had to be put there
         * @throws io.github.pggauntlet.strategy.host.HostException if the machine does not take them
         * @throws UncheckedIOException if one cannot be read here
         */
        public static boolean put(List<ProvidedFile> files, Host host) throws InterruptedException {
            if (files.isEmpty()
                    || host.run(Command.of(
                                    LIMIT,
                                    "test",
                                    "-e",
                                    files.get(files.size() - 1).target()))
                            .succeeded()) {
                return false;
            }
            for (ProvidedFile file : files) {
                String directory = String.valueOf(Path.of(file.target()).getParent());
                host.run(Command.of(LIMIT, "mkdir", "-p", directory)).orFail();
                try {
                    host.put(file.target(), Files.readAllBytes(file.source()), "root", READABLE);
                } catch (IOException e) {
                    throw new UncheckedIOException(
                            "The file " + file.source() + " is wanted on " + host.name() + " and cannot be read.", e);
                }
            }
            return true;
        }
    }

    /**
     * A machine whose kernel is its own: modules can be loaded there, and what it has not flushed to its disks is lost when it
     * loses its power. A physical or virtual machine has one; a container has not.
     *
     * @param memoryMegabytes how much memory the machine has at least, in MB; at least 256
     * @param bareDiskMegabytes the size in MB of a disk without a file system that is wanted beside the machine's own; 0 for
     *     none
     */
    public record OwnKernel(int memoryMegabytes, int bareDiskMegabytes) {

        private static final int LEAST_MEMORY = 256;

        public OwnKernel {
            if (memoryMegabytes < LEAST_MEMORY) {
                throw new IllegalArgumentException("A machine with a kernel of its own has at least " + LEAST_MEMORY
                        + " MB of memory, not " + memoryMegabytes + ".");
            }
            if (bareDiskMegabytes < 0) {
                throw new IllegalArgumentException("A disk's size is a number of MB, not " + bareDiskMegabytes + ".");
            }
        }

        /** The path of the bare disk on a machine that a test cluster provides. */
        public static final String BARE_DISK = "/dev/vdc";
    }
}
