package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetsTest {

    private static NodeStatus status(String member, NodeRole role, boolean open, boolean streaming) {
        return new NodeStatus(
                member,
                Instant.EPOCH,
                role,
                open,
                OptionalInt.empty(),
                Optional.empty(),
                streaming,
                OptionalLong.empty(),
                Set.of(),
                false,
                "");
    }

    private static String resolve(Target target, NodeStatus... statuses) {
        return new Targets(() -> List.of(statuses)).resolve(target).member();
    }

    @Test
    void rolesAreWhatTheMembersSayThen() {
        NodeStatus standby = status("machine0", NodeRole.STANDBY, false, true);
        NodeStatus primary = status("machine1", NodeRole.PRIMARY, true, false);

        assertThat(resolve(Target.primary(), standby, primary)).isEqualTo("machine1");
        assertThat(resolve(Target.standby(), standby, primary)).isEqualTo("machine0");
        assertThat(resolve(Target.named("machine0"), standby, primary)).isEqualTo("machine0");
    }

    @Test
    void ofTwoPrimariesTheOpenOneIsMeantAndOfTwoStandbysTheStreamingOne() {
        assertThat(resolve(
                        Target.primary(),
                        status("machine0", NodeRole.PRIMARY, false, false),
                        status("machine1", NodeRole.PRIMARY, true, false)))
                .isEqualTo("machine1");
        assertThat(resolve(
                        Target.standby(),
                        status("machine0", NodeRole.STANDBY, false, false),
                        status("machine1", NodeRole.STANDBY, false, true),
                        status("machine2", NodeRole.STANDBY, false, true)))
                .isEqualTo("machine1");
    }

    @Test
    void whoeverFitsNobodyIsToldWhatWasSeen() {
        assertThatThrownBy(() -> resolve(Target.primary(), status("machine0", NodeRole.PROMOTING, false, false)))
                .isInstanceOf(FaultNotMade.class)
                .hasMessage("No member is the primary at this moment; machine0 is PROMOTING.");
        assertThatThrownBy(() -> resolve(Target.named("machine7"), status("machine0", NodeRole.PRIMARY, true, false)))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("machine7");
    }

    @Test
    void aFaultThatHitsAStandbyIsJudgedAsTheLossOfAStandby() {
        Fault fault = new Fault.KillHost(Target.named("machine0"));

        assertThat(Targets.judgedAs(fault, status("machine0", NodeRole.PRIMARY, true, false)))
                .isEqualTo(FaultClass.HOST_CRASH);
        assertThat(Targets.judgedAs(fault, status("machine0", NodeRole.STANDBY, false, true)))
                .isEqualTo(FaultClass.STANDBY_LOSS);
    }
}
