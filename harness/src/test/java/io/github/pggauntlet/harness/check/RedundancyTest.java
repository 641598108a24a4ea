package io.github.pggauntlet.harness.check;

import static io.github.pggauntlet.harness.check.Story.A;
import static io.github.pggauntlet.harness.check.Story.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.FaultClass;
import org.junit.jupiter.api.Test;

class RedundancyTest {

    @Test
    void theTimeRunsFromTheLastHealToTheFirstLookThatShowsAllOfThem() {
        Story story = new Story()
                .fault(100, "f1", FaultClass.HOST_CRASH, A)
                .fault(200, "f2", FaultClass.SLOW_LINK, A)
                .whole(250, B, A, 2)
                .healed(300, "f1")
                .whole(350, B, A, 2)
                .healed(400, "f2")
                .standby(500, A, 2)
                .whole(900, B, A, 2)
                .whole(1000, B, A, 2);
        assertThat(Redundancy.timesToWhole(story.record())).containsExactly(500_000_000L);
    }

    @Test
    void whatTheNextFaultCutsShortDoesNotCount() {
        Story story = new Story()
                .fault(100, "f1", FaultClass.HOST_CRASH, A)
                .healed(300, "f1")
                .fault(400, "f2", FaultClass.HOST_CRASH, A)
                .whole(900, B, A, 2);
        assertThat(Redundancy.timesToWhole(story.record())).isEmpty();
    }
}
