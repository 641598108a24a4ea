package io.github.pggauntlet.strategy;

import java.nio.file.Path;
import java.util.List;
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
 */
public record HostRequirements(
        int minimumHosts,
        boolean arbiter,
        boolean address,
        Set<String> programs,
        List<ProvidedFile> files,
        List<String> rehearsal,
        boolean fencing) {

    public HostRequirements {
        programs = Set.copyOf(programs);
        files = List.copyOf(files);
        rehearsal = List.copyOf(rehearsal);
    }

    /** Requirements without a program that proves machines dead. */
    public HostRequirements(
            int minimumHosts,
            boolean arbiter,
            boolean address,
            Set<String> programs,
            List<ProvidedFile> files,
            List<String> rehearsal) {
        this(minimumHosts, arbiter, address, programs, files, rehearsal, false);
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
    public record ProvidedFile(Path source, String target) {}
}
