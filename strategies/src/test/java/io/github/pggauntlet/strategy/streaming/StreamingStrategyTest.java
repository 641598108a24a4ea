package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.CrashPolicy;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.TestAuthority;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.host.ScriptedHost;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingStrategyTest {

    private final StreamingStrategy strategy = new StreamingStrategy();

    @Test
    void isFoundByItsName() {
        assertThat(ServiceLoader.load(HaStrategy.class))
                .filteredOn(found -> found.name().equals("streaming"))
                .singleElement()
                .isInstanceOf(StreamingStrategy.class)
                .matches(found -> !found.description().isBlank());
    }

    @Test
    void synchronousNothingIsLostAsynchronousAsMuchAsIsSaid() {
        Promises sync = strategy.promises(spec(Durability.SYNC, Map.of()));
        Promises async = strategy.promises(spec(Durability.ASYNC, Map.of()));

        assertThat(sync.byFault().values()).isNotEmpty().allMatch(promise -> promise.loss() instanceof LossBound.None);
        assertThat(async.byFault())
                .allSatisfy((fault, promise) -> assertThat(promise.loss())
                        .isEqualTo(
                                fault == FaultClass.SWITCHOVER
                                        ? LossBound.none()
                                        : LossBound.within(
                                                Duration.ofSeconds(2)
                                                        .plusSeconds(3)
                                                        .plusMillis(100),
                                                16L << 20)));
        assertThat(sync.byFault()).containsOnlyKeys(promised());
        assertThat(async.of(FaultClass.HOST_CRASH).orElseThrow().loss())
                .hasToString(
                        "only writes acknowledged in the last 5.1 s before the failure may be lost, and no standby is"
                                + " promoted that was seen more than 16777216 bytes of WAL behind");
        assertThat(sync.byFault().keySet()).isEqualTo(async.byFault().keySet());
        assertThat(sync.byFault().values()).allMatch(promise -> promise.writers() == 1 && promise.rejoin());
    }

    /** The time that is given to a restart in place comes on top, for a crash and nothing else. */
    @Test
    void aRestartInPlaceIsPartOfThePromise() {
        ClusterSpec plain = spec(Durability.SYNC, Map.of());
        ClusterSpec restarting = plain.with(CrashPolicy.restartFirst(Duration.ofSeconds(7)));
        Promises before = strategy.promises(plain);
        Promises after = strategy.promises(restarting);

        assertThat(after.of(FaultClass.POSTMASTER_CRASH).orElseThrow().writeOutage())
                .isEqualTo(before.of(FaultClass.POSTMASTER_CRASH)
                        .orElseThrow()
                        .writeOutage()
                        .plusSeconds(7));
        assertThat(after.of(FaultClass.HOST_CRASH)).isEqualTo(before.of(FaultClass.HOST_CRASH));
        assertThat(new RestartFirstStrategy().promises(restarting)).isEqualTo(after);
    }

    @Test
    void withoutAThirdOpinionNothingIsInstalled() {
        ClusterSpec spec = spec(Durability.SYNC, Map.of());
        List<Host> hosts = List.of(new LocalHost("a", "localhost"), new LocalHost("b", "localhost"));

        assertThatThrownBy(() -> strategy.install(spec, hosts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("third opinion")
                .hasMessageContaining("ucarp-streaming");
    }

    @Test
    void aCertificateThatCannotBeUsedIsSaidBeforeAnyMachineIsTouched() {
        TestAuthority authority = new TestAuthority();
        Tls.Identity good = authority.identity("EC", "a.example");
        Tls.Identity exchanged =
                new Tls.Identity(authority.identity("EC", "b.example").certificate(), good.key());
        Routes routes = Routes.none();
        for (String from : List.of("machine0", "machine1", Routes.OPERATOR)) {
            for (String to : List.of("machine0", "machine1")) {
                routes = routes.with(from, to, Service.POSTGRES, new Endpoint(to, 5432))
                        .with(from, to, Service.AGENT, new Endpoint(to, 8008));
            }
            routes = routes.with(from, Routes.ARBITER, Service.ARBITER, new Endpoint("etcd", 2379));
        }
        ClusterSpec plain = new ClusterSpec(
                "shop",
                List.of("machine0", "machine1"),
                Durability.SYNC,
                routes,
                Timings.quick(),
                Configs.CREDENTIALS,
                Map.of());
        ScriptedHost first = new ScriptedHost();
        ScriptedHost second = new ScriptedHost();

        for (Map<String, Tls.Identity> members :
                List.of(Map.of("machine0", good, "machine1", exchanged), Map.of("machine0", good))) {
            ClusterSpec spec = plain.with(Configs.CREDENTIALS.withTls(new Tls(authority.certificate(), members)));
            assertThatThrownBy(() -> strategy.install(spec, List.of(first, second)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(
                            ".*(does not belong to its certificate|no certificate for the member 'machine1').*");
        }
        assertThat(first.doings()).isEmpty();
        assertThat(second.doings()).isEmpty();
    }

    /** What a full or a failing disk and want of memory cost is not promised. */
    private static FaultClass[] promised() {
        return EnumSet.complementOf(EnumSet.of(FaultClass.DISK, FaultClass.SCARCITY, FaultClass.ADDRESS))
                .toArray(FaultClass[]::new);
    }

    @Test
    void whereCommitsWaitForStandbysWritesMayStopAsLongAsTheyAreGone() {
        Promises strict = strategy.promises(spec(Durability.STRICT, Map.of()));
        Promises quorum =
                strategy.promises(spec(List.of("machine0", "machine1", "machine2"), Durability.QUORUM, Map.of()));

        assertThat(List.of(strict, quorum)).allSatisfy(promises -> {
            assertThat(promises.byFault().values())
                    .allMatch(promise -> promise.loss() instanceof LossBound.None && promise.writers() == 1);
            assertThat(promises.of(FaultClass.STANDBY_LOSS).orElseThrow().whileItLasts())
                    .isTrue();
        });
        // Of two, the one that is left waits for the other; of three it has somebody else.
        assertThat(strict.of(FaultClass.HOST_CRASH).orElseThrow().whileItLasts())
                .isTrue();
        assertThat(quorum.of(FaultClass.HOST_CRASH).orElseThrow().whileItLasts())
                .isFalse();
    }

    @Test
    void aMajorityOfTwoIsRefused() {
        assertThatThrownBy(() -> strategy.promises(spec(Durability.QUORUM, Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 3 machines; there are 2");
    }

    @Test
    void oneMachineIsRefusedAndCounted() {
        ClusterSpec alone = spec(List.of("machine0"), Durability.SYNC, Map.of());

        assertThatThrownBy(() -> strategy.promises(alone))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Streaming replication takes at least two machines; there are 1.");
        assertThatThrownBy(() -> strategy.requirements(alone)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> strategy.install(alone, List.of(new ScriptedHost())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void machinesAndMembersMustBeAsMany() {
        assertThatThrownBy(() -> strategy.install(spec(Durability.SYNC, Map.of()), List.of(new ScriptedHost())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 members")
                .hasMessageContaining("1 machines")
                .hasMessageContaining("one machine for each member");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "local", "remote_write", "nonsense"})
    void whatWouldBreakThePromiseIsRefusedWithWhatToDo(String commit) {
        ClusterSpec spec = spec(Durability.SYNC, Map.of("synchronous_commit", commit));

        assertThatThrownBy(() -> strategy.promises(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("synchronous_commit = " + commit)
                .hasMessageContaining("'on' or 'remote_apply'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "remote_apply"})
    void whatKeepsThePromiseIsTaken(String commit) {
        assertThat(strategy.promises(spec(Durability.SYNC, Map.of("synchronous_commit", commit)))
                        .byFault())
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void asynchronousCommitsAreTheUsersBusiness(Durability durability) {
        assertThat(strategy.durabilities()).contains(durability);
        assertThat(strategy.promises(spec(Durability.ASYNC, Map.of("synchronous_commit", "off")))
                        .byFault())
                .isNotEmpty();
    }

    private static ClusterSpec spec(Durability durability, Map<String, String> settings) {
        return spec(List.of("machine0", "machine1"), durability, settings);
    }

    private static ClusterSpec spec(List<String> members, Durability durability, Map<String, String> settings) {
        return new ClusterSpec(
                "shop", members, durability, Routes.none(), Timings.quick(), Configs.CREDENTIALS, settings);
    }
}
