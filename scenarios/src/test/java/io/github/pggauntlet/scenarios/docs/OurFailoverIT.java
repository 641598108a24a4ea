package io.github.pggauntlet.scenarios.docs;

import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.ScheduleGenerator;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.harness.junit.Bed;
import io.github.pggauntlet.harness.junit.OnCluster;
import io.github.pggauntlet.strategy.FaultClass;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation shows of tests on a shared cluster, to the letter. */
@OnCluster(strategy = "streaming", durability = "sync", machines = 2)
class OurFailoverIT {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void losesNothing(long seed, Bed bed) throws InterruptedException {
        Terrain terrain =
                new Terrain(2, 1, false, false, false, EnumSet.of(FaultClass.POSTMASTER_CRASH, FaultClass.HOST_CRASH));
        FaultSchedule schedule = new ScheduleGenerator(
                        terrain, ScheduleGenerator.promised(terrain), new SplittableRandom(seed))
                .generate(3);
        bed.requireKept(schedule);
    }
}
