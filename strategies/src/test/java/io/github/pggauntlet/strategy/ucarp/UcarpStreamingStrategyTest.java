package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.AddressTime;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UcarpStreamingStrategyTest {

    private static final HaStrategy CLASSIC = new UcarpStreamingStrategy();
    private static final HaStrategy FAST = new UcarpFastStrategy();
    private static final HaStrategy WITNESS = new UcarpWitnessStrategy();
    private static final HaStrategy FENCED = new UcarpFencedStrategy();
    private static final FenceProgram PROGRAM =
            new FenceProgram(List.of("/sbin/fence"), Duration.ofSeconds(10), Duration.ofSeconds(8));

    private static ClusterSpec spec(Durability durability, String... members) {
        return new ClusterSpec(
                "c", List.of(members), durability, Routes.none(), Timings.quick(), Credentials.random(), Map.of());
    }

    private static ClusterSpec pair(Durability durability) {
        return spec(durability, "machine0", "machine1");
    }

    @Test
    void areFoundByTheirNames() {
        assertThat(ServiceLoader.load(HaStrategy.class))
                .extracting(HaStrategy::name)
                .contains("ucarp-fenced", "ucarp-streaming", "ucarp-streaming-fast", "ucarp-streaming-witness");
    }

    @Test
    void crashesLoseNothingAndCutLinksAreNotPromisedForTwoMachinesAlone() {
        for (HaStrategy strategy : List.of(CLASSIC, FAST)) {
            Promises promises = strategy.promises(pair(Durability.SYNC));
            for (FaultClass crash :
                    List.of(FaultClass.POSTMASTER_CRASH, FaultClass.HOST_CRASH, FaultClass.CLEAN_STOP)) {
                Promise promise = promises.of(crash).orElseThrow();
                assertThat(promise.loss()).isEqualTo(LossBound.none());
                assertThat(promise.writers()).isEqualTo(1);
            }
            for (FaultClass silence : List.of(
                    FaultClass.PARTITION, FaultClass.LINK_CUT, FaultClass.HOST_ISOLATED, FaultClass.HOST_FROZEN)) {
                Promise cut = promises.of(silence).orElseThrow();
                assertThat(cut.loss()).isEqualTo(LossBound.notPromised());
                assertThat(cut.writers()).isEqualTo(2);
            }
        }
    }

    @Test
    void whereTheAgentsHearEachOtherTroubleWithTheAddressLosesNothing() {
        for (HaStrategy strategy : List.of(CLASSIC, FAST, WITNESS)) {
            Promises promises = strategy.promises(pair(Durability.SYNC));
            for (FaultClass trouble :
                    List.of(FaultClass.ADDRESS, FaultClass.POSTGRES_FROZEN, FaultClass.AGENT_FROZEN)) {
                Promise promise = promises.of(trouble).orElseThrow();
                assertThat(promise.loss()).isEqualTo(LossBound.none());
                assertThat(promise.writers()).isEqualTo(1);
            }
        }
    }

    @Test
    void withAWitnessACutLinkMakesNoSecondPrimary() {
        Promise cut =
                WITNESS.promises(pair(Durability.SYNC)).of(FaultClass.PARTITION).orElseThrow();
        assertThat(cut.loss()).isEqualTo(LossBound.none());
        assertThat(cut.writers()).isEqualTo(1);
        assertThat(WITNESS.requirements(pair(Durability.SYNC)).arbiter()).isTrue();
    }

    @Test
    void withAFenceDeviceNeitherCrashesNorCutsLoseAnything() {
        ClusterSpec spec = pair(Durability.SYNC).with(Safeguards.standard().with(PROGRAM));
        Promises promises = FENCED.promises(spec);
        for (FaultClass fault : List.of(
                FaultClass.POSTMASTER_CRASH,
                FaultClass.HOST_CRASH,
                FaultClass.CLEAN_STOP,
                FaultClass.STANDBY_LOSS,
                FaultClass.PARTITION,
                FaultClass.LINK_CUT,
                FaultClass.HOST_ISOLATED,
                FaultClass.HOST_FROZEN)) {
            Promise promise = promises.of(fault).orElseThrow();
            assertThat(promise.loss()).as(fault.name()).isEqualTo(LossBound.none());
            assertThat(promise.writers()).as(fault.name()).isEqualTo(1);
            assertThat(promise.rejoin()).as(fault.name()).isTrue();
        }
        assertThat(promises.of(FaultClass.HOST_CRASH).orElseThrow().writeOutage())
                .isEqualTo(Duration.ofSeconds(5 + 15 + 8 + 10));
        assertThat(FENCED.addressTimes(spec))
                .as("with the proof before it, or without where none is needed")
                .containsExactly(
                        new AddressTime("machine0", Duration.ofMillis(1500), Duration.ofSeconds(18)),
                        new AddressTime("machine1", Duration.ofMillis(2500), Duration.ofSeconds(18)));
        assertThat(FENCED.requirements(spec).fencing()).isTrue();
        assertThat(FENCED.requirements(spec).arbiter()).isFalse();
        assertThat(FAST.requirements(spec).fencing()).isFalse();
    }

    @Test
    void withoutAFenceDeviceTheStrategyThatNeedsOneIsRefused() {
        ClusterSpec spec = pair(Durability.SYNC);
        List<Host> hosts = List.of(new ScriptedHost(), new ScriptedHost());
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(() -> FENCED.promises(spec), () -> FENCED.install(spec, hosts))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The strategy 'ucarp-fenced' needs a program on each machine that cuts the"
                            + " other one's power and proves it: name it with")
                    .hasMessageContaining("or choose 'ucarp-streaming'");
        }
        assertThat(FENCED.requirements(spec).fencing())
                .as("what it needs can be asked before it is there")
                .isTrue();
    }

    @Test
    void anAsynchronousPrimaryThatWillBeShotIsNotOffered() {
        ClusterSpec spec = pair(Durability.ASYNC).with(Safeguards.standard().with(PROGRAM));
        assertThat(FENCED.durabilities()).containsExactly(Durability.SYNC);
        assertThatThrownBy(() -> FENCED.promises(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The strategy 'ucarp-fenced' has no durability mode 'async'; choose 'sync'.");
    }

    @Test
    void theOutagePromisedHoldsWhatTheArithmeticTakes() {
        assertThat(CLASSIC.promises(pair(Durability.SYNC))
                        .of(FaultClass.HOST_CRASH)
                        .orElseThrow()
                        .writeOutage())
                .isEqualTo(Duration.ofSeconds(24 + 15));
        assertThat(CLASSIC.addressTimes(pair(Durability.SYNC)))
                .containsExactly(
                        new AddressTime("machine0", Duration.ofSeconds(11), Duration.ofSeconds(18)),
                        new AddressTime("machine1", Duration.ofSeconds(17), Duration.ofSeconds(24)));
        assertThat(FAST.addressTimes(pair(Durability.SYNC)))
                .containsExactly(
                        new AddressTime("machine0", Duration.ofMillis(1500), Duration.ofSeconds(4)),
                        new AddressTime("machine1", Duration.ofMillis(2500), Duration.ofSeconds(5)));
    }

    @Test
    void itNeedsUcarpAndAnAddressAndNoArbiter() {
        assertThat(FAST.requirements(pair(Durability.SYNC)).programs()).contains("ucarp", "arping", "ip", "postgres");
        assertThat(FAST.requirements(pair(Durability.SYNC)).address()).isTrue();
        assertThat(FAST.requirements(pair(Durability.SYNC)).arbiter()).isFalse();
    }

    @Test
    void itIsForTwoMachines() {
        assertThatThrownBy(() -> FAST.promises(spec(Durability.SYNC, "a", "b", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The strategy 'ucarp-streaming-fast' is made for two machines, not 3; for more choose 'streaming'.");
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"STRICT", "QUORUM"})
    void itHasNoModeInWhichCommitsWaitForAStandbyThatIsGone(Durability durability) {
        assertThat(FAST.durabilities()).containsExactlyInAnyOrder(Durability.SYNC, Durability.ASYNC);
        assertThatThrownBy(() -> FAST.promises(pair(durability)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The strategy 'ucarp-streaming-fast' has no durability mode '" + durability.id()
                        + "'; choose 'sync' or 'async'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vip-up", "vip-down", "vipmon", "ucarp-run", "ucarp-finish", "vipmon-run"})
    void theScriptsAreThereAndTheShellUnderstandsThem(String name, @TempDir Path directory) throws Exception {
        Path script = directory.resolve(name);
        try (InputStream content =
                Objects.requireNonNull(UcarpInstaller.class.getResourceAsStream(name), "no script " + name)) {
            Files.copy(content, script);
        }
        assertThat(Files.readString(script)).startsWith("#!/bin/sh\n");
        Process shell = new ProcessBuilder("sh", "-n", script.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(shell.exitValue()).isZero();
    }
}
