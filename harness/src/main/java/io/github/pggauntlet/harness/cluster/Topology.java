package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Routes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The machines that are wanted.
 *
 * @param members the names of the machines that carry PostgreSQL
 * @param arbiters how many arbiters (etcd) stand beside them: none, or an odd number that makes one cluster
 * @param address whether there is a virtual address in their network that clients reach by a link of its own
 * @param postgres the major version of PostgreSQL
 * @param files files to lie on each machine before anything is installed there
 * @param rehearsal a command to run once beside those files, when they are put there for the first time; empty for none
 * @param volume the size of each machine's data volume in bytes, which then lies in memory; empty for a volume on the
 *     engine's disk, which is as large as that disk and cannot be filled
 * @param tls whether there are certificates for the members, and the arbiters speak TLS only
 * @param kernel the kernel of its own that each machine has; empty for machines that share the engine's
 */
public record Topology(
        List<String> members,
        int arbiters,
        boolean address,
        int postgres,
        List<HostRequirements.ProvidedFile> files,
        List<String> rehearsal,
        OptionalLong volume,
        boolean tls,
        Optional<HostRequirements.OwnKernel> kernel) {

    /** More than this no strategy is made for, and no computer that runs the harness has room for. */
    private static final int MOST_MACHINES = 16;

    private static final int MOST_ARBITERS = 7;
    private static final long SMALLEST_VOLUME = 64L << 20;

    public Topology {
        members = List.copyOf(members);
        files = List.copyOf(files);
        rehearsal = List.copyOf(rehearsal);
        if (members.isEmpty() || members.size() > MOST_MACHINES) {
            throw new IllegalArgumentException(
                    "A cluster has between 1 and " + MOST_MACHINES + " machines, not " + members.size() + ".");
        }
        if (arbiters < 0 || arbiters > MOST_ARBITERS || (arbiters > 0 && arbiters % 2 == 0)) {
            throw new IllegalArgumentException("A cluster has one arbiter or an odd number of them up to "
                    + MOST_ARBITERS + ", not " + arbiters + ".");
        }
        if (volume.isPresent() && volume.getAsLong() < SMALLEST_VOLUME) {
            throw new IllegalArgumentException(
                    "A data volume has at least 64 MB; PostgreSQL does not start on " + volume.getAsLong() + " bytes.");
        }
        if (volume.isPresent() && kernel.isPresent()) {
            throw new IllegalArgumentException("A machine with a kernel of its own has disks of a size of their own;"
                    + " leave the size of the data volume out.");
        }
    }

    /** Machines that share the engine's kernel. */
    public Topology(
            List<String> members,
            int arbiters,
            boolean address,
            int postgres,
            List<HostRequirements.ProvidedFile> files,
            List<String> rehearsal,
            OptionalLong volume) {
        this(members, arbiters, address, postgres, files, rehearsal, volume, false, Optional.empty());
    }

    /** Whether there is an arbiter beside the machines. */
    public boolean arbiter() {
        return arbiters > 0;
    }

    /** The arbiters' names: the first is {@code arbiter}, the others {@code arbiter1} and upwards. */
    public List<String> arbiterNames() {
        return IntStream.range(0, arbiters)
                .mapToObj(i -> i == 0 ? Routes.ARBITER : Routes.ARBITER + i)
                .toList();
    }

    /**
     * The same with so many arbiters; without any if the strategy needs none.
     *
     * @throws IllegalArgumentException if their number is even or too great
     */
    public Topology withArbiters(int number) {
        return new Topology(
                members, arbiters == 0 ? 0 : number, address, postgres, files, rehearsal, volume, tls, kernel);
    }

    /** The same with data volumes of a limited size, which can be filled. */
    public Topology withVolume(long bytes) {
        return new Topology(
                members, arbiters, address, postgres, files, rehearsal, OptionalLong.of(bytes), tls, kernel);
    }

    /** The same with machines that have a kernel of their own. */
    public Topology withKernel(HostRequirements.OwnKernel own) {
        return new Topology(members, arbiters, address, postgres, files, rehearsal, volume, tls, Optional.of(own));
    }

    /** The same with certificates, and with arbiters that speak TLS only; or without. */
    public Topology withTls(boolean wanted) {
        return new Topology(members, arbiters, address, postgres, files, rehearsal, volume, wanted, kernel);
    }

    /** Machines without a virtual address and without TLS. */
    public Topology(
            List<String> members,
            int arbiters,
            int postgres,
            List<HostRequirements.ProvidedFile> files,
            List<String> rehearsal,
            OptionalLong volume) {
        this(members, arbiters, false, postgres, files, rehearsal, volume, false, Optional.empty());
    }

    /** Members named "machine0" and upwards, with an arbiter and without files. */
    public static Topology of(int machines, int postgres) {
        return new Topology(
                IntStream.range(0, machines).mapToObj(i -> "machine" + i).toList(),
                1,
                postgres,
                List.of(),
                List.of(),
                OptionalLong.empty());
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
                requirements.arbiter() ? 1 : 0,
                requirements.address(),
                postgres,
                requirements.files(),
                requirements.rehearsal(),
                OptionalLong.empty(),
                false,
                requirements.kernel());
    }
}
