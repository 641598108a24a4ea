package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.cluster.Clusters;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InjectorIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Engine engine;
    private TestCluster cluster;
    private Injector injector;
    private volatile OptionalLong postmaster = OptionalLong.empty();

    @BeforeAll
    void start() throws InterruptedException {
        Images images = Images.find();
        engine = Engine.connect(images);
        cluster = TestCluster.start(engine, images, Topology.of(2, Clusters.POSTGRES));
        injector = new Injector(cluster, this::status);
        Clusters.initdb(machine0());
        startPostgres();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private Host machine0() {
        return cluster.machine("machine0").host();
    }

    private void startPostgres() throws InterruptedException {
        Clusters.startPostgres(machine0());
        postmaster = OptionalLong.of(Clusters.postmaster(machine0()));
    }

    private List<NodeStatus> status() {
        return List.of(
                status("machine0", NodeRole.PRIMARY, postmaster),
                status("machine1", NodeRole.STANDBY, OptionalLong.empty()));
    }

    private static NodeStatus status(String member, NodeRole role, OptionalLong postmaster) {
        return new NodeStatus(
                member,
                Instant.now(),
                role,
                role == NodeRole.PRIMARY,
                OptionalInt.empty(),
                Optional.empty(),
                role == NodeRole.STANDBY,
                postmaster,
                Set.of(),
                false,
                "");
    }

    private Optional<Duration> ask(String from, String to) throws InterruptedException {
        return cluster.links().roundTrip(new Link(from, to, Service.POSTGRES), LIMIT);
    }

    @Test
    void everyKindOfFaultHasAMaker() {
        assertThat(injector.kinds()).containsExactlyInAnyOrderElementsOf(FaultKinds.of(Fault.class));
    }

    @Test
    void aKilledPostmasterIsGoneAtTheInstantRecorded() throws InterruptedException {
        Instant before = Instant.now();

        ActiveFault fault = injector.inject(new Fault.KillPostmaster(Target.primary()));

        ActiveFault.Made made = fault.made();
        assertThat(made.judgedAs()).isEqualTo(FaultClass.POSTMASTER_CRASH);
        assertThat(made.resolved()).isEqualTo(Map.of("the primary", "machine0"));
        assertThat(made.from()).isBetween(before, made.to());
        assertThat(made.to()).isBefore(Instant.now());
        assertThat(Duration.between(made.from(), made.to())).isLessThan(Duration.ofMillis(500));
        assertThat(ask(Routes.CLIENTS, "machine0")).isEmpty();

        assertThatThrownBy(() -> injector.inject(new Fault.KillPostmaster(Target.primary())))
                .as("the same process again")
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("there is no process");
        assertThat(fault.heal().evidence()).containsKey("healed by");
        startPostgres();
        assertThat(ask(Routes.CLIENTS, "machine0")).isPresent();
    }

    @Test
    void aProcessThatIsNoPostmasterIsLeftAlone() {
        OptionalLong real = postmaster;
        postmaster = OptionalLong.of(1);
        try {
            assertThatThrownBy(() -> injector.inject(new Fault.KillPostmaster(Target.named("machine0"))))
                    .isInstanceOf(FaultNotMade.class)
                    .hasMessageContaining("process 1 is tini");
        } finally {
            postmaster = real;
        }
        assertThatThrownBy(() -> injector.inject(new Fault.KillPostmaster(Target.standby())))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("No postmaster runs on machine1");
    }

    @Test
    void aKilledMachineIsDownUntilHealed() throws InterruptedException {
        ActiveFault fault = injector.inject(new Fault.KillHost(Target.standby()));

        assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.STANDBY_LOSS);
        assertThat(fault.made().evidence()).containsEntry("machine", "exited").containsEntry("exit status", "137");
        assertThat(cluster.machine("machine1").state().running()).isFalse();
        assertThatThrownBy(() -> injector.inject(new Fault.KillHost(Target.named("machine1"))))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("does not run");

        ActiveFault.Healed healed = fault.heal();

        assertThat(cluster.machine("machine1").state().running()).isTrue();
        assertThat(fault.heal()).as("healed once").isSameAs(healed);
    }

    @Test
    void aStoppedMachineEndsInOrderAndComesBack() throws InterruptedException {
        ActiveFault fault = injector.inject(new Fault.StopHost(Target.named("machine1")));

        assertThat(fault.made().fault().faultClass()).isEqualTo(FaultClass.CLEAN_STOP);
        assertThat(fault.made().evidence()).containsEntry("machine", "exited").containsEntry("exit status", "0");

        fault.heal();
        assertThat(cluster.machine("machine1").state().running()).isTrue();
    }

    @Test
    void aSlowLinkIsMeasuredAndTheOtherDirectionIsNot() throws InterruptedException {
        Duration latency = Duration.ofMillis(120);

        ActiveFault fault = injector.inject(new Fault.SlowLink(Party.Beside.CLIENTS, Target.primary(), latency));

        assertThat(fault.made().evidence()).containsKey("round trip clients->machine0/postgres");
        assertThat(ask(Routes.CLIENTS, "machine0").orElseThrow()).isGreaterThan(latency.multipliedBy(2));
        assertThat(ask(Routes.OPERATOR, "machine0").orElseThrow()).isLessThan(latency);
        fault.heal();
        assertThat(cluster.links().troubles(new Link(Routes.CLIENTS, "machine0", Service.POSTGRES)))
                .isEmpty();
    }

    @Test
    void aSlowLinkNobodyAnswersThroughIsNotMadeAndTakenBack() throws InterruptedException {
        assertThatThrownBy(() -> injector.inject(
                        new Fault.SlowLink(Target.named("machine0"), Target.named("machine1"), Duration.ofMillis(50))))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("Nobody answers");
        for (Link link : cluster.links().between("machine0", "machine1")) {
            assertThat(cluster.links().troubles(link)).isEmpty();
        }
        assertThatThrownBy(() -> injector.inject(
                        new Fault.SlowLink(Party.Beside.ARBITER, Target.primary(), Duration.ofMillis(50))))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("no link from arbiter");
    }
}
