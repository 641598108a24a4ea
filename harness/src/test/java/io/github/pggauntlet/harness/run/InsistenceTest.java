package io.github.pggauntlet.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.fault.VictimGone;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary that has just gone is waited for; a fault that cannot be made is not tried again. */
class InsistenceTest {

    private static final Duration AMPLE = Duration.ofMinutes(1);
    private final Deque<FaultNotMade> failures = new ArrayDeque<>();

    private String attempt() {
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
        return "made";
    }

    @Test
    void whoIsNotThereNowMayBeSoAMomentLater() throws InterruptedException {
        failures.addAll(List.of(new VictimGone("No member is the primary."), new VictimGone("Still none.")));

        assertThat(Insistence.on(this::attempt, AMPLE)).isEqualTo("made");
        assertThat(failures).isEmpty();
    }

    @Test
    void whatCannotBeDoneIsNotTriedAgain() {
        failures.addAll(List.of(new FaultNotMade("The engine refuses."), new FaultNotMade("never reached")));

        assertThatThrownBy(() -> Insistence.on(this::attempt, AMPLE)).hasMessage("The engine refuses.");
        assertThat(failures).hasSize(1);
    }

    @Test
    void itEndsWhenNobodyComes() {
        failures.addAll(List.of(new VictimGone("No member is the primary."), new VictimGone("never reached")));

        assertThatThrownBy(() -> Insistence.on(this::attempt, Duration.ZERO)).hasMessage("No member is the primary.");
        assertThat(failures).hasSize(1);
    }
}
