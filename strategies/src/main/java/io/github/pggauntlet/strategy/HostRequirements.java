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
 */
public record HostRequirements(int minimumHosts, boolean arbiter, Set<String> programs, List<ProvidedFile> files) {

    public HostRequirements {
        programs = Set.copyOf(programs);
        files = List.copyOf(files);
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
