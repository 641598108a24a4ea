package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.AddressTime;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.ucarp.Arbitration;
import io.github.pggauntlet.strategy.ucarp.UcarpConfig;
import io.github.pggauntlet.strategy.ucarp.UcarpInstaller;
import io.github.pggauntlet.strategy.ucarp.UcarpPreset;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One PostgreSQL on a disk that DRBD keeps alike on two machines, under an address that ucarp passes between them.
 *
 * <p>A write that is acknowledged is on both disks (durability {@code sync}, protocol C). A machine that does not hear the other
 * one has its writes stand still, by DRBD's policy {@code resource-and-stonith}, until a witness beside the two lets it write
 * alone; the witness lets one. So neither a cut link nor a machine that freezes makes two writers. That no machine is put out of
 * action by force is made up for by the witness: whoever it has not let write cannot write, however alive it is.
 *
 * <p>{@link UcarpDrbdPlainStrategy} is the same without fencing and without anybody else.
 */
public class UcarpDrbdStrategy implements HaStrategy {

    /** What DRBD's promotion, the mount, PostgreSQL's crash recovery and the clients' way to the address take at most. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(45);

    private static final UcarpPreset ADDRESS = UcarpPreset.classic();

    private final String name;
    private final String description;
    private final DrbdPreset disk;

    /** With fencing, for {@link java.util.ServiceLoader}. */
    public UcarpDrbdStrategy() {
        this(
                "ucarp-drbd",
                "one PostgreSQL on a disk that DRBD keeps alike on two machines, under an address that ucarp passes between"
                        + " them; a witness lets one of them write alone",
                DrbdPreset.fenced());
    }

    /**
     * A variant.
     *
     * @param name the name by which users choose it
     * @param description one sentence that tells what it is
     * @param disk how DRBD is set up
     */
    UcarpDrbdStrategy(String name, String description, DrbdPreset disk) {
        this.name = name;
        this.description = description;
        this.disk = disk;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    /**
     * With fencing only protocol C: DRBD refuses protocol A together with a policy that makes writes stand still ("only with prot B
     * or C allowed").
     */
    @Override
    public final Set<Durability> durabilities() {
        return disk.witnessed() ? EnumSet.of(Durability.SYNC) : EnumSet.of(Durability.SYNC, Durability.ASYNC);
    }

    @Override
    public final Promises promises(ClusterSpec spec) {
        validate(spec);
        DrbdTimeouts timeouts = disk.timeouts();
        // With protocol A what is lost is what the send buffer held; nothing stays there for longer than it takes to
        // give
        // the other machine up.
        LossBound loss = spec.durability() == Durability.ASYNC
                ? LossBound.within(timeouts.timeout().plus(timeouts.detection()))
                : LossBound.none();
        Duration outage = ADDRESS.longest().plus(timeouts.detection()).plus(TAKE_OVER);
        Promise failover = new Promise(loss, outage, 1, true);
        Promise standby =
                new Promise(loss, timeouts.timeout().plus(timeouts.detection()).plus(TAKE_OVER), 1, true);
        Promises crashes = Promises.none()
                .with(FaultClass.POSTMASTER_CRASH, failover)
                .with(FaultClass.HOST_CRASH, failover)
                .with(
                        FaultClass.CLEAN_STOP,
                        new Promise(loss, outage.plus(spec.timings().shutdown()), 1, true))
                .with(
                        FaultClass.SWITCHOVER,
                        new Promise(loss, outage.plus(spec.timings().shutdown()), 1, true))
                .with(FaultClass.STANDBY_LOSS, standby)
                .with(FaultClass.SLOW_LINK, standby.stoppingWhileItLasts());
        // One more time to be let in: who was let write alone keeps the other one out until both disks are alike again.
        // Without
        // a witness both go on, and what one of them acknowledges is lost.
        Promise parted = new Promise(
                        disk.witnessed() ? loss : LossBound.notPromised(),
                        outage.plus(TAKE_OVER),
                        disk.witnessed() ? 1 : 2,
                        true)
                .stoppingWhileItLasts();
        Promises cuts = crashes.with(FaultClass.LINK_CUT, parted)
                .with(FaultClass.PARTITION, parted)
                .with(FaultClass.HOST_ISOLATED, parted)
                .with(FaultClass.HOST_FROZEN, parted);
        return disk.witnessed() ? cuts.with(FaultClass.ARBITER_LOSS, parted) : cuts;
    }

    @Override
    public final List<AddressTime> addressTimes(ClusterSpec spec) {
        validate(spec);
        return List.of(time(spec, 0), time(spec, 1));
    }

    private static AddressTime time(ClusterSpec spec, int machine) {
        UcarpConfig own = ADDRESS.of(machine);
        return new AddressTime(spec.members().get(machine), own.soonestAfter(ADDRESS.of(1 - machine)), own.latest());
    }

    @Override
    public final HostRequirements requirements(ClusterSpec spec) {
        validate(spec);
        return installer().requirements();
    }

    @Override
    public final HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        validate(spec);
        if (hosts.size() != spec.members().size()) {
            throw new IllegalArgumentException(
                    "The cluster has " + spec.members().size() + " members, but there are " + hosts.size()
                            + " machines; give one machine for each member.");
        }
        if (spec.credentials().tls().isPresent()) {
            throw new IllegalArgumentException(
                    "The strategy '" + name + "' has no TLS yet; leave it out, or choose another strategy.");
        }
        return installer().install(spec, hosts);
    }

    private UcarpInstaller installer() {
        return new UcarpInstaller(
                ADDRESS, disk.witnessed() ? Arbitration.WITNESS : Arbitration.NOBODY, new DrbdInstaller(disk));
    }

    private void validate(ClusterSpec spec) {
        if (spec.members().size() != 2) {
            throw new IllegalArgumentException("The strategy '" + name + "' is made for two machines, not "
                    + spec.members().size() + "; for more choose 'streaming'.");
        }
        if (!durabilities().contains(spec.durability())) {
            throw new IllegalArgumentException("The strategy '" + name + "' has no durability mode '"
                    + spec.durability().id() + "'; choose 'sync' (protocol C)"
                    + (disk.witnessed()
                            ? ", or 'ucarp-drbd-plain' for protocol A, which DRBD does not allow together with fencing."
                            : " or 'async' (protocol A)."));
        }
    }
}
