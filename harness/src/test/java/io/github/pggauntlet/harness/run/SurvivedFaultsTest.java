package io.github.pggauntlet.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Faults are drawn by lot within what a strategy promises to survive. */
class SurvivedFaultsTest {

    private static final Duration OUTAGE = Duration.ofSeconds(20);

    @Test
    void aPromiseThatLeavesEverythingOpenIsNoneToSurvive() {
        Promises promises = Promises.none()
                .with(FaultClass.HOST_CRASH, new Promise(LossBound.none(), OUTAGE, 1, true))
                .with(FaultClass.ADDRESS, new Promise(LossBound.within(OUTAGE), OUTAGE, 2, true))
                .with(FaultClass.LINK_CUT, new Promise(LossBound.notPromised(), OUTAGE, 1, true))
                .with(FaultClass.PARTITION, new Promise(LossBound.notPromised(), OUTAGE, 2, true));

        assertThat(Play.survived(promises))
                .containsExactlyInAnyOrder(FaultClass.HOST_CRASH, FaultClass.ADDRESS, FaultClass.LINK_CUT);
    }
}
