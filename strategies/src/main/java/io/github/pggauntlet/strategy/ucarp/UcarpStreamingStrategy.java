package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.AddressTime;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Streaming replication under a virtual address that ucarp passes between two machines. See the package's description.
 *
 * <p>Without a witness it says of cut links, and of machines that are cut off or freeze, that acknowledged writes may be lost and
 * that two machines may take writes: a standby that is silent for too long is taken for dead. With a witness, or a fence device,
 * neither: {@link Arbitration}. Of slow links it promises nothing.
 */
public class UcarpStreamingStrategy implements HaStrategy {

    /** What a promotion, the address's way up and the clients' way to it may take, beyond ucarp's own time. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(15);

    private static final Set<String> SAFE_COMMIT = Set.of("on", "remote_apply");

    private final String name;
    private final String description;
    private final UcarpPreset preset;
    private final Arbitration arbitration;

    /** The set-up with which it all began, for {@link java.util.ServiceLoader}. */
    public UcarpStreamingStrategy() {
        this(
                "ucarp-streaming",
                "streaming replication under a virtual address that ucarp passes between two machines and nobody else;"
                        + " dead after 15 and 20 s",
                UcarpPreset.classic(),
                Arbitration.NOBODY);
    }

    /**
     * A variant.
     *
     * @param name the name by which users choose it
     * @param description one sentence that tells what it is
     * @param preset how ucarp runs
     * @param arbitration who decides when the machines do not hear each other
     */
    protected UcarpStreamingStrategy(String name, String description, UcarpPreset preset, Arbitration arbitration) {
        this.name = name;
        this.description = description;
        this.preset = preset;
        this.arbitration = arbitration;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final Set<Durability> durabilities() {
        // An asynchronous primary that is cut off would go on until it is shot, and what it took meanwhile would be
        // lost.
        return arbitration == Arbitration.FENCING
                ? EnumSet.of(Durability.SYNC)
                : EnumSet.of(Durability.SYNC, Durability.ASYNC);
    }

    @Override
    public Promises promises(ClusterSpec spec) {
        validate(spec);
        requireFencing(spec);
        return promises(spec.durability(), spec.timings(), spec.safeguards().fencing());
    }

    private Promises promises(Durability durability, Timings timings, Optional<FenceProgram> fencing) {
        LossBound loss = switch (durability) {
            case SYNC, STRICT, QUORUM -> LossBound.none();
            case ASYNC ->
                LossBound.within(timings.maximumLag().plus(timings.lease()).plus(timings.tick()));
        };
        Duration outage = preset.longest()
                .plus(TAKE_OVER)
                .plus(fencing.map(FenceProgram::longest).orElse(Duration.ZERO));
        Duration alone = timings.lease()
                .plus(TAKE_OVER)
                .plus(fencing.map(FenceProgram::limit).orElse(Duration.ZERO));
        Promise failover = new Promise(loss, outage, 1, true);
        Promise frozen = new Promise(
                loss, outage.plus(timings.lease()).plus(UcarpInstaller.NOTICE).plus(TAKE_OVER), 1, true);
        Promises crashes = Promises.none()
                .with(FaultClass.POSTMASTER_CRASH, failover)
                .with(FaultClass.HOST_CRASH, failover)
                .with(FaultClass.CLEAN_STOP, new Promise(loss, outage.plus(timings.shutdown()), 1, true))
                .with(FaultClass.STANDBY_LOSS, new Promise(loss, alone, 1, true))
                // The agent, or vipmon, gives the address away; only then does ucarp's own time begin.
                .with(FaultClass.POSTGRES_FROZEN, frozen)
                .with(FaultClass.AGENT_FROZEN, frozen)
                // The two agents hear each other, whatever ucarp makes of its own. Clients may be led astray meanwhile.
                .with(FaultClass.ADDRESS, failover.stoppingWhileItLasts());
        // With a witness no machine takes writes without its lease, whoever hears whom; with a fence device none goes
        // on
        // beside a living one. Without either two machines cannot tell a dead peer from a dead link, and what one of
        // them
        // takes meanwhile is taken back when they meet again.
        Promise cut = arbitration != Arbitration.NOBODY
                ? new Promise(loss, outage.plus(timings.lease().multipliedBy(2)), 1, true)
                : new Promise(LossBound.notPromised(), outage, 2, true);
        Promises cuts = crashes.with(FaultClass.PARTITION, cut.stoppingWhileItLasts())
                .with(FaultClass.LINK_CUT, cut.stoppingWhileItLasts())
                .with(FaultClass.HOST_ISOLATED, cut.stoppingWhileItLasts());
        // With a witness nothing at all: a master that wakes takes the address back and cannot be promoted, for as long
        // as
        // vipmon gives it.
        return arbitration == Arbitration.WITNESS
                ? cuts
                : cuts.with(FaultClass.HOST_FROZEN, cut.stoppingWhileItLasts());
    }

    @Override
    public final List<AddressTime> addressTimes(ClusterSpec spec) {
        validate(spec);
        return List.of(time(spec, 0), time(spec, 1));
    }

    private AddressTime time(ClusterSpec spec, int machine) {
        UcarpConfig own = preset.of(machine);
        // After the death of a machine, its proof comes before the promotion; after that of PostgreSQL alone none is
        // needed.
        Duration proven = spec.safeguards().fencing().map(FenceProgram::longest).orElse(Duration.ZERO);
        Duration latest = own.latest().compareTo(proven) >= 0 ? own.latest() : proven;
        return new AddressTime(spec.members().get(machine), own.soonestAfter(preset.of(1 - machine)), latest);
    }

    @Override
    public final HostRequirements requirements(ClusterSpec spec) {
        validate(spec);
        return new UcarpInstaller(preset, arbitration).requirements();
    }

    @Override
    public final HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        validate(spec);
        requireFencing(spec);
        if (hosts.size() != spec.members().size()) {
            throw new IllegalArgumentException(
                    "The cluster has " + spec.members().size() + " members, but there are " + hosts.size()
                            + " machines; give one machine for each member.");
        }
        return new UcarpInstaller(preset, arbitration).install(spec, hosts);
    }

    private void requireFencing(ClusterSpec spec) {
        if (arbitration == Arbitration.FENCING && spec.safeguards().fencing().isEmpty()) {
            throw new IllegalArgumentException(
                    "The strategy '" + name + "' needs a program on each machine that cuts the"
                            + " other one's power and proves it: name it with ClusterSpec.with(Safeguards.standard()"
                            + ".with(FenceProgram.of(...))), or choose 'ucarp-streaming', which needs none and does not promise"
                            + " that a cut link leaves one history.");
        }
    }

    private void validate(ClusterSpec spec) {
        if (spec.members().size() != 2) {
            throw new IllegalArgumentException("The strategy '" + name + "' is made for two machines, not "
                    + spec.members().size() + "; for more choose 'streaming'.");
        }
        if (!durabilities().contains(spec.durability())) {
            throw new IllegalArgumentException("The strategy '" + name + "' has no durability mode '"
                    + spec.durability().id() + "'; choose "
                    + (arbitration == Arbitration.FENCING ? "'sync'." : "'sync' or 'async'."));
        }
        String commit = spec.settings().getOrDefault("synchronous_commit", "on");
        if (spec.durability() == Durability.SYNC && !SAFE_COMMIT.contains(commit)) {
            throw new IllegalArgumentException("With synchronous_commit = " + commit
                    + " an acknowledged write may be on no standby; the durability mode 'sync' needs 'on' or"
                    + " 'remote_apply'.");
        }
    }
}
