package io.github.pggauntlet.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a member says of when it did something is believed if it can be right. */
class MemberTimesTest {

    private static final String MEMBER = "machine0";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Duration HOUR = Duration.ofHours(1);

    private final TimeAnchor anchor = new TimeAnchor(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemberTimes times = new MemberTimes(anchor);

    private static NodeStatus status(NodeRole role, Instant at) {
        return new NodeStatus(
                MEMBER,
                at,
                role,
                role == NodeRole.PRIMARY,
                OptionalInt.empty(),
                Optional.empty(),
                false,
                OptionalLong.empty(),
                Set.of(),
                false,
                "");
    }

    private Instant at(double seconds) {
        return anchor.instant((long) (seconds * SECOND));
    }

    private void answers(double seconds, Duration off) {
        times.right(status(NodeRole.PRIMARY, at(seconds).plus(off)), (long) (seconds * SECOND));
    }

    private Instant right(double made, double had, Duration off) {
        JournalEntry entry =
                new JournalEntry(1, at(made).plus(off), MEMBER, Milestone.AGENT_STARTED, Map.of("some", "thing"));
        JournalEntry right = times.right(entry, (long) (had * SECOND));
        assertThat(right.details()).isEqualTo(entry.details());
        return right.at();
    }

    @Test
    void whatCanBeRightIsLeftAsItIs() {
        answers(10, Duration.ofMillis(-40));
        answers(11, Duration.ofMillis(-40));
        assertThat(right(10.5, 11, Duration.ofMillis(-40))).isEqualTo(at(10.46));
        NodeStatus status = status(NodeRole.STANDBY, at(11.9));
        assertThat(times.right(status, 12 * SECOND)).isEqualTo(status);
    }

    @Test
    void whatWasDoneBeforeTheClockWasSetIsLeftAsItIs() {
        answers(10, Duration.ZERO);
        answers(11, HOUR);
        assertThat(right(10.5, 11, Duration.ZERO)).isEqualTo(at(10.5));
    }

    @Test
    void aClockThatWasSetIsPutRight() {
        for (Duration off : new Duration[] {HOUR, HOUR.negated()}) {
            MemberTimesTest other = new MemberTimesTest();
            other.answers(10, Duration.ZERO);
            other.answers(11, off);
            assertThat(other.right(10.5, 11, off)).isEqualTo(at(10.5));
            assertThat(other.times
                            .right(status(NodeRole.PRIMARY, at(12).plus(off)), 12 * SECOND)
                            .at())
                    .isEqualTo(at(12));
        }
    }

    @Test
    void whatAMemberDidWhileNobodyHeardItIsBelieved() {
        answers(10, Duration.ZERO);
        times.right(status(NodeRole.UNREACHABLE, at(20)), 20 * SECOND);
        answers(60, Duration.ZERO);
        assertThat(right(25, 60, Duration.ZERO)).isEqualTo(at(25));
    }

    @Test
    void aTimeOfWhichNothingIsKnownIsThatAtWhichItWasHad() {
        answers(10, Duration.ZERO);
        answers(11, Duration.ZERO);
        assertThat(right(10.5, 11, HOUR.multipliedBy(7))).isEqualTo(at(11));
    }
}
