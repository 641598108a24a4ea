package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.HostRequirements;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The machines that are wanted.
 *
 * @param members the names of the machines that carry PostgreSQL
 * @param arbiter whether there is an arbiter (etcd) beside them
 * @param address whether there is a virtual address in their network that clients reach by a link of its own
 * @param postgres the major version of PostgreSQL
 * @param files files to lie on each machine before anything is installed there
 * @param rehearsal a command to run once beside those files, when they are put there for the first time; empty for none
 */
public record Topology(
        List<String> members,
        boolean arbiter,
        boolean address,
        int postgres,
        List<HostRequirements.ProvidedFile> files,
        List<String> rehearsal) {

    /** More than this no strategy is made for, and no computer that runs the harness has room for. */
    private static final int MOST_MACHINES = 16;

    public Topology {
        members = List.copyOf(members);
        files = List.copyOf(files);
        rehearsal = List.copyOf(rehearsal);
        if (members.isEmpty() || members.size() > MOST_MACHINES) {
            throw new IllegalArgumentException(
                    "A cluster has between 1 and " + MOST_MACHINES + " machines, not " + members.size() + ".");
        }
    }

    /** Machines without a virtual address. */
    public Topology(
            List<String> members,
            boolean arbiter,
            int postgres,
            List<HostRequirements.ProvidedFile> files,
            List<String> rehearsal) {
        this(members, arbiter, false, postgres, files, rehearsal);
    }

    /** Members named "machine0" and upwards, with an arbiter and without files. */
    public static Topology of(int machines, int postgres) {
        return new Topology(
                IntStream.range(0, machines).mapToObj(i -> "machine" + i).toList(),
                true,
                postgres,
                List.of(),
                List.of());
    }

    /**
     * As many machines as wanted, with what a strategy requires.
     *
     * @throws IllegalArgumentException if it requires more machines
     */
    public static Topology of(int machines, int postgres, HostRequirements requirements) {
        if (machines < requirements.minimumHosts()) {
            throw new IllegalArgumentException(
                    "The strategy needs at least " + requirements.minimumHosts() + " machines, not " + machines + ".");
        }
        return new Topology(
                of(machines, postgres).members(),
                requirements.arbiter(),
                requirements.address(),
                postgres,
                requirements.files(),
                requirements.rehearsal());
    }
}
