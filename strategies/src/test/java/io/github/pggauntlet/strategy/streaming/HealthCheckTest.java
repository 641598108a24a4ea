package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.NodeRole;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which questions a member answers with yes. */
class HealthCheckTest {

    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration JUST_NOW = Duration.ofMillis(10);

    @Test
    void anOpenPrimaryWithItsLease() {
        assertThat(yes(view(NodeRole.PRIMARY, true, true, false, false)))
                .containsExactlyInAnyOrder(
                        HealthCheck.PRIMARY,
                        HealthCheck.LEADER,
                        HealthCheck.READ_ONLY,
                        HealthCheck.READ_ONLY_SYNC,
                        HealthCheck.HEALTH,
                        HealthCheck.LIVENESS,
                        HealthCheck.READINESS);
    }

    @Test
    void aPrimaryBehindAClosedGate() {
        assertThat(yes(view(NodeRole.PRIMARY, false, true, false, false)))
                .containsExactlyInAnyOrder(HealthCheck.LEADER, HealthCheck.HEALTH, HealthCheck.LIVENESS);
    }

    @Test
    void aPrimaryWithoutALease() {
        assertThat(yes(view(NodeRole.PRIMARY, false, false, false, false)))
                .containsExactlyInAnyOrder(HealthCheck.HEALTH, HealthCheck.LIVENESS);
    }

    @Test
    void aSynchronousStandbyThatStreams() {
        assertThat(yes(view(NodeRole.STANDBY, false, false, true, true)))
                .containsExactlyInAnyOrder(
                        HealthCheck.REPLICA,
                        HealthCheck.READ_ONLY,
                        HealthCheck.SYNCHRONOUS,
                        HealthCheck.READ_ONLY_SYNC,
                        HealthCheck.HEALTH,
                        HealthCheck.LIVENESS,
                        HealthCheck.READINESS);
    }

    @Test
    void anAsynchronousStandbyThatStreams() {
        assertThat(yes(view(NodeRole.STANDBY, false, false, true, false)))
                .contains(HealthCheck.REPLICA, HealthCheck.ASYNCHRONOUS)
                .doesNotContain(HealthCheck.SYNCHRONOUS, HealthCheck.READ_ONLY_SYNC);
    }

    @Test
    void aStandbyThatDoesNotStream() {
        assertThat(yes(view(NodeRole.STANDBY, false, false, false, true)))
                .containsExactlyInAnyOrder(HealthCheck.HEALTH, HealthCheck.LIVENESS);
    }

    @Test
    void everythingElseTakesNoTraffic() {
        Set<HealthCheck> traffic = EnumSet.of(
                HealthCheck.PRIMARY,
                HealthCheck.REPLICA,
                HealthCheck.READ_ONLY,
                HealthCheck.SYNCHRONOUS,
                HealthCheck.READ_ONLY_SYNC,
                HealthCheck.ASYNCHRONOUS,
                HealthCheck.READINESS);
        for (NodeRole role : EnumSet.complementOf(EnumSet.of(NodeRole.PRIMARY, NodeRole.STANDBY))) {
            assertThat(yes(view(role, true, true, true, true))).as(role.name()).doesNotContainAnyElementsOf(traffic);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "16777216, 16777216, true", "16777217, 16777216, false"})
    void aStandbyIsNoFartherBehindThanAsked(long lag, long most, boolean yes) {
        HealthCheck.View view = lagging(OptionalLong.of(lag), OptionalLong.of(most));
        assertThat(HealthCheck.REPLICA.holds(view)).isEqualTo(yes);
        assertThat(HealthCheck.READ_ONLY.holds(view)).isEqualTo(yes);
        assertThat(HealthCheck.READINESS.holds(view)).isEqualTo(yes);
    }

    @Test
    void aStandbyThatDoesNotKnowItsLagIsTooFarBehind() {
        assertThat(HealthCheck.REPLICA.holds(lagging(OptionalLong.empty(), OptionalLong.of(1L << 40))))
                .isFalse();
        assertThat(HealthCheck.REPLICA.holds(lagging(OptionalLong.empty(), OptionalLong.empty())))
                .isTrue();
    }

    @Test
    void anAgentThatHangsIsNotAlive() {
        assertThat(HealthCheck.LIVENESS.holds(stepped(true, LEASE))).isTrue();
        assertThat(HealthCheck.LIVENESS.holds(stepped(true, LEASE.plusMillis(1))))
                .isFalse();
        assertThat(HealthCheck.LIVENESS.holds(stepped(false, LEASE.multipliedBy(2))))
                .isTrue();
        assertThat(HealthCheck.LIVENESS.holds(
                        stepped(false, LEASE.multipliedBy(2).plusMillis(1))))
                .isFalse();
    }

    /** Whoever balances writes and reads by these sends a session to one member's one role only. */
    @Property
    void nobodyIsPrimaryAndReplicaAtOnce(
            @ForAll NodeRole role, @ForAll boolean open, @ForAll boolean streaming, @ForAll boolean synchronous) {
        Set<HealthCheck> yes = yes(view(role, open, open, streaming, synchronous));
        assertThat(yes.contains(HealthCheck.PRIMARY) && yes.contains(HealthCheck.REPLICA))
                .isFalse();
        assertThat(yes.contains(HealthCheck.SYNCHRONOUS) && yes.contains(HealthCheck.ASYNCHRONOUS))
                .isFalse();
        assertThat(yes.contains(HealthCheck.READ_ONLY))
                .isEqualTo(yes.contains(HealthCheck.PRIMARY) || yes.contains(HealthCheck.REPLICA));
    }

    @Test
    void everyPathAsksOneQuestion() {
        assertThat(Arrays.stream(HealthCheck.values()).flatMap(check -> check.paths().stream()))
                .doesNotHaveDuplicates()
                .allSatisfy(path -> assertThat(HealthCheck.at(path)).isPresent());
        assertThat(HealthCheck.at("/nothing")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1048576, 1048576",
        "16kB, 16384",
        "64MB, 67108864",
        "1GB, 1073741824",
        "1.5 GB, 1610612736",
        "7B, 7"
    })
    void bytesAreReadAsPostgresqlReadsThem(String text, long bytes) {
        assertThat(Bytes.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @CsvSource({"''", "-1", "16 Mb", "lots", "1e3", "99999999999999999999"})
    void whatIsNoAmountIsNone(String text) {
        assertThat(Bytes.parse(text)).isEmpty();
    }

    private static Set<HealthCheck> yes(HealthCheck.View view) {
        EnumSet<HealthCheck> yes = EnumSet.noneOf(HealthCheck.class);
        for (HealthCheck check : HealthCheck.values()) {
            if (check.holds(view)) {
                yes.add(check);
            }
        }
        return yes;
    }

    private static HealthCheck.View view(
            NodeRole role, boolean open, boolean lease, boolean streaming, boolean synchronous) {
        return new HealthCheck.View(
                role,
                open,
                lease,
                true,
                streaming,
                synchronous,
                OptionalLong.empty(),
                OptionalLong.empty(),
                JUST_NOW,
                LEASE);
    }

    private static HealthCheck.View lagging(OptionalLong lag, OptionalLong most) {
        return new HealthCheck.View(NodeRole.STANDBY, false, false, true, true, true, lag, most, JUST_NOW, LEASE);
    }

    private static HealthCheck.View stepped(boolean lease, Duration ago) {
        return new HealthCheck.View(
                NodeRole.STOPPED,
                false,
                lease,
                false,
                false,
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                ago,
                LEASE);
    }
}
