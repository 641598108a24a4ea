package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RejoinTaskTest {

    @Test
    void arrivesOnTheTimelineOfThePrimary() {
        assertThat(RejoinTask.arrived(standby(3, true), 3)).isTrue();
    }

    @Test
    void arrivesWithAPrimaryThatHasBeenPromotedOnceMore() {
        assertThat(RejoinTask.arrived(standby(4, true), 3)).isTrue();
    }

    @Test
    void hasNotArrivedOnAnOlderTimeline() {
        assertThat(RejoinTask.arrived(standby(2, true), 3)).isFalse();
    }

    @Test
    void hasNotArrivedWithoutAStream() {
        assertThat(RejoinTask.arrived(standby(4, false), 3)).isFalse();
    }

    private static ServerView standby(int timeline, boolean streaming) {
        return new ServerView(Postgres.STANDBY, OptionalLong.of(1), timeline, new Lsn(1000), streaming, List.of());
    }
}
