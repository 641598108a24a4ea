package io.github.pggauntlet.harness.check.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.register.SmallRegister.Op;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The checkers of registers say what trying all orders says. */
class RegisterProperties {

    @Property(tries = 6_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void zonesSayWhatAllOrdersSay(@ForAll long seed) {
        List<Op> ops = SmallRegister.of(seed, 7, false);
        assertThat(new RegisterChecker().check(SmallRegister.plain(ops)).linearizable())
                .as(ops::toString)
                .isEqualTo(SmallRegister.explained(ops, false));
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void zonesSayWhatTheSearchSaysOfLongerHistories(@ForAll long seed) {
        List<Op> ops = SmallRegister.of(seed, 20, false);
        assertThat(new RegisterChecker().check(SmallRegister.plain(ops)).linearizable())
                .as(ops::toString)
                .isEqualTo(SmallRegister.linearizableByTrial(ops, false));
    }

    @Property(tries = 6_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void versionsSayWhatAllOrdersSay(@ForAll long seed) {
        List<Op> ops = SmallRegister.of(seed, 7, true);
        boolean judged =
                new VersionChecker().check(SmallRegister.versioned(ops)).linearizable();
        boolean explained = SmallRegister.explained(ops, true);
        boolean undecided = ops.stream().anyMatch(op -> op.outcome() == Outcome.UNKNOWN && op.expected() > 0);
        if (undecided) {
            assertThat(judged || !explained).as(ops::toString).isTrue();
        } else {
            assertThat(judged).as(ops::toString).isEqualTo(explained);
        }
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theSearchSaysWhatAllOrdersSay(@ForAll long seed) {
        List<Op> ops = SmallRegister.of(seed, 7, true);
        assertThat(SmallRegister.linearizableByTrial(ops, true))
                .as(ops::toString)
                .isEqualTo(SmallRegister.explained(ops, true));
    }
}
