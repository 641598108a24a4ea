package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The program that strategies are given, run on a machine as they run it, against the other machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerSwitchIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private Engine engine;
    private TestCluster cluster;
    private PowerSwitch.Service service;

    @BeforeAll
    void start() throws InterruptedException {
        Images images = Images.find();
        engine = Engine.connect(images);
        cluster = TestCluster.start(
                engine,
                images,
                new Topology(
                        List.of("machine0", "machine1"),
                        0,
                        Clusters.POSTGRES,
                        List.of(),
                        List.of(),
                        OptionalLong.empty()));
        service = cluster.power().begin(new PowerSwitch.Sink() {
            @Override
            public void cut(String id, String by, String member, Instant from, Instant to, String evidence) {
                told.add("cut " + by + " " + member);
            }

            @Override
            public void restored(String id, String member, Instant at, String evidence) {
                told.add("restored " + member);
            }

            @Override
            public void note(String text) {
                told.add(text);
            }
        });
    }

    @AfterAll
    void end() {
        service.close();
        cluster.close();
        engine.close();
    }

    private CommandResult off(String by, String member) throws InterruptedException {
        String program = PowerSwitch.program().command().get(0);
        // The first order may come before the switch listens; a machine that has just booted has to connect to it
        // again.
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> cluster.machine(by)
                        .host()
                        .run(Command.of(LIMIT, "test", "-p", "/run/gauntlet-power/orders"))
                        .succeeded());
        return cluster.machine(by).host().run(Command.of(LIMIT, "runuser", "-u", "postgres", "--", program, member));
    }

    private void awaitRunning(String member, int restored) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> told.stream()
                                        .filter(text -> text.equals("restored " + member))
                                        .count()
                                == restored
                        && cluster.machine(member).state().running());
    }

    @Test
    void aMachineIsOffWhenTheOtherIsToldSoAndBootsByItself() throws InterruptedException {
        Machine.State before = cluster.machine("machine1").state();
        CommandResult said = off("machine0", "machine1");
        Machine.State seen = cluster.machine("machine1").state();
        assertThat(said.succeeded()).as(said.describe()).isTrue();
        assertThat(said.output()).startsWith("off: the engine says that the machine is exited");
        assertThat(seen.finishedAt()).as("the end of its life").isAfter(before.startedAt());
        assertThat(told).contains("cut machine0 machine1");
        awaitRunning("machine1", 1);

        // Frozen processes do not get in the way, and who has booted can shoot too.
        assertThat(off("machine1", "machine0").succeeded()).isTrue();
        awaitRunning("machine0", 1);
        cluster.machine("machine1").pause();
        assertThat(off("machine0", "machine1").succeeded()).isTrue();
        awaitRunning("machine1", 2);

        // Whoever took it down starts it again.
        cluster.machine("machine1").kill();
        CommandResult down = off("machine0", "machine1");
        assertThat(down.succeeded()).as(down.describe()).isTrue();
        assertThat(down.output()).contains("down already");
        assertThat(cluster.machine("machine1").state().running()).isFalse();
        cluster.machine("machine1").start();
    }

    @Test
    void whatIsNotAtTheSwitchIsNotOff() throws InterruptedException {
        CommandResult said = off("machine0", "machine7");

        assertThat(said.succeeded()).isFalse();
        assertThat(said.output()).contains("there is no machine 'machine7' at this switch");
    }
}
