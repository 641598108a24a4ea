package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Streaming replication with automatic promotion and rejoin: an agent on each machine, a lease in etcd that says who may
 * be primary.
 */
public final class StreamingStrategy implements HaStrategy {

    /** What a promotion and the clients' way to the new primary may take, beyond detecting the loss. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(10);

    /** The values of {@code synchronous_commit} under which a COMMIT that was acknowledged is on the standby's disk. */
    private static final Set<String> SAFE_COMMIT = Set.of("on", "remote_apply");

    /** Why it does not do with its members alone, and what does. */
    static final String NO_ARBITER =
            "Without a third opinion nobody can tell a machine that is dead from one that cannot be"
                    + " reached, and two of them would each go on alone: give 'streaming' an arbiter (etcd) on a machine of its own,"
                    + " or choose 'ucarp-fenced', with which each machine can cut the other one's power, or 'ucarp-streaming',"
                    + " which needs neither and does not promise that a cut link leaves one history.";

    @Override
    public String name() {
        return "streaming";
    }

    @Override
    public String description() {
        return "streaming replication, an agent on each machine, a lease in etcd; promotes, and rejoins by following,"
                + " pg_rewind or a fresh copy";
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.allOf(Durability.class);
    }

    @Override
    public Promises promises(ClusterSpec spec) {
        validate(spec);
        Promises promises =
                promises(spec.durability(), spec.timings(), spec.members().size());
        // First the restart in place may be tried in vain.
        return promises.of(FaultClass.POSTMASTER_CRASH)
                .map(crash -> promises.with(
                        FaultClass.POSTMASTER_CRASH,
                        crash.longerBy(spec.crashes().within())))
                .orElse(promises);
    }

    /**
     * The promises of a mode for so many members.
     *
     * <p>The loss of an asynchronous cluster is bounded thus: a standby that lags behind for longer than the maximum lag is
     * taken out of the promotable set at the primary's next look, and if that cannot be recorded the primary's lease ends
     * and with it its writes.
     */
    public static Promises promises(Durability durability, Timings timings, int members) {
        LossBound loss = switch (durability) {
            case SYNC, STRICT, QUORUM -> LossBound.none();
            case ASYNC ->
                LossBound.within(
                        timings.maximumLag().plus(timings.lease()).plus(timings.tick()),
                        PrimaryDuties.MAXIMUM_LAG_BYTES);
        };
        Duration lease = timings.lease();
        // Who may not write alone waits, where there are two, for the one that has failed.
        boolean waitsForTheLost = durability.waitsForStandbys() && members - durability.acknowledgements(members) < 2;
        Promise atOnce = promise(loss, TAKE_OVER, waitsForTheLost);
        Promise byLease = promise(loss, lease.multipliedBy(2).plus(TAKE_OVER), waitsForTheLost);
        Promise inOrder = promise(loss, timings.shutdown().plus(TAKE_OVER), waitsForTheLost);
        // Without the arbiter nobody may be primary for longer than a lease; with it a primary is made as after a
        // crash.
        Promise stopped = byLease.stoppingWhileItLasts();
        // Commits that may not be acknowledged by the primary alone wait until there is somebody to wait for.
        boolean waits = durability.waitsForStandbys();
        Promise withStandby = waits ? byLease.stoppingWhileItLasts() : byLease;
        return Promises.none()
                .with(FaultClass.POSTMASTER_CRASH, atOnce)
                .with(FaultClass.CLEAN_STOP, inOrder)
                // Everything the primary has written reaches its standbys before it ends.
                .with(FaultClass.SWITCHOVER, new Promise(LossBound.none(), inOrder.writeOutage(), 1, true))
                .with(FaultClass.HOST_CRASH, byLease)
                .with(FaultClass.HOST_ISOLATED, byLease)
                .with(FaultClass.HOST_FROZEN, byLease)
                .with(FaultClass.AGENT_FROZEN, byLease)
                .with(FaultClass.POSTGRES_FROZEN, byLease)
                .with(FaultClass.STANDBY_LOSS, waits ? atOnce.stoppingWhileItLasts() : atOnce)
                .with(FaultClass.SLOW_LINK, withStandby)
                .with(FaultClass.LINK_CUT, withStandby)
                // Nothing is decided by the time of day, and a lease has room for a clock that runs slow: by its
                // margin.
                .with(FaultClass.CLOCK, byLease)
                .with(FaultClass.PARTITION, stopped)
                .with(FaultClass.ARBITER_LOSS, stopped);
    }

    private static Promise promise(LossBound loss, Duration writeOutage, boolean whileItLasts) {
        Promise bounded = new Promise(loss, writeOutage, 1, true);
        return whileItLasts ? bounded.stoppingWhileItLasts() : bounded;
    }

    @Override
    public HostRequirements requirements(ClusterSpec spec) {
        validate(spec);
        return new StreamingInstaller(AgentProgram.standard()).requirements();
    }

    @Override
    public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        validate(spec);
        if (hosts.size() != spec.members().size()) {
            throw new IllegalArgumentException(
                    "The cluster has " + spec.members().size() + " members, but there are " + hosts.size()
                            + " machines; give one machine for each member.");
        }
        for (String member : spec.members()) {
            if (spec.routes().find(member, Routes.ARBITER, Service.ARBITER).isEmpty()) {
                throw new IllegalArgumentException(NO_ARBITER);
            }
        }
        return new StreamingInstaller(AgentProgram.standard()).install(spec, hosts);
    }

    private void validate(ClusterSpec spec) {
        if (spec.members().size() < 2) {
            throw new IllegalArgumentException("Streaming replication takes at least two machines; there are "
                    + spec.members().size() + ".");
        }
        if (!durabilities().contains(spec.durability())) {
            throw new IllegalArgumentException("The strategy 'streaming' has no durability mode '"
                    + spec.durability().id() + "'.");
        }
        int least = spec.durability().leastMembers();
        if (spec.members().size() < least) {
            throw new IllegalArgumentException("The durability mode '"
                    + spec.durability().id() + "' takes at least " + least + " machines; there are "
                    + spec.members().size() + ". With two, 'strict' loses nothing either.");
        }
        String commit = spec.settings().getOrDefault("synchronous_commit", "on");
        if (spec.durability() != Durability.ASYNC && !SAFE_COMMIT.contains(commit)) {
            throw new IllegalArgumentException("With synchronous_commit = " + commit
                    + " an acknowledged write may be on no standby; the durability mode '"
                    + spec.durability().id() + "' needs 'on' or 'remote_apply'.");
        }
    }
}
