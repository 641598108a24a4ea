package io.github.pggauntlet.harness.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The sweep over holdings says what comparing each with each says. */
class SingleHolderProperties {

    private static final SingleHolder RULE = new SingleHolder("one writer");

    @Property(tries = 5_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theSweepSaysWhatAllPairsSay(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Holding> holdings = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            long from = random.nextInt(40);
            holdings.add(new Holding("node" + random.nextInt(3), from, from + 1 + random.nextInt(10)));
        }
        boolean clash = holdings.stream()
                .anyMatch(one -> holdings.stream()
                        .anyMatch(other -> !one.holder().equals(other.holder())
                                && Math.max(one.from(), other.from()) < Math.min(one.to(), other.to())));
        assertThat(RULE.check(holdings).isEmpty()).isEqualTo(!clash);
        long most = 0;
        for (long at = 0; at < 60; at++) {
            long now = at;
            most = Math.max(
                    most,
                    holdings.stream()
                            .filter(holding -> holding.from() <= now && now < holding.to())
                            .map(Holding::holder)
                            .distinct()
                            .count());
        }
        assertThat(RULE.mostAtOnce(holdings)).isEqualTo((int) most);
    }

    @Test
    void splitBrainIsToldWithBothHolders() {
        List<Breach> breaches = RULE.check(
                List.of(new Holding("node0", 0, 2_000_000_000), new Holding("node1", 1_500_000_000, 3_000_000_000L)));
        assertThat(breaches)
                .containsExactly(new Breach(
                        "one writer", "node0 held it from 0.000 s to 2.000 s, and node1 from 1.500 s to 3.000 s"));
    }

    @Test
    void handingOverAtOneInstantIsNoSharing() {
        assertThat(RULE.check(List.of(new Holding("node0", 0, 5), new Holding("node1", 5, 9))))
                .isEmpty();
    }
}
