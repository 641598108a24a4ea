package io.github.pggauntlet.harness.check.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.ledger.LedgerChecker;
import io.github.pggauntlet.harness.check.register.RegisterChecker;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** What the models call sound, the checkers do too. */
class SoundModelsTest {

    @Property(tries = 50, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void ledgers(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2_000) int inserts) {
        assertThat(new LedgerChecker().check(LedgerModel.sound(inserts, 20, seed)))
                .matches(report -> report.sound()
                        && report.stale().isEmpty()
                        && report.unread().isEmpty());
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void registers(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int sessions) {
        assertThat(new RegisterChecker().check(RegisterModel.sound(5_000, sessions, 0.05, seed)))
                .matches(report -> report.linearizable(), "linearizable");
    }
}
