package io.github.pggauntlet.harness.check.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.register.RegisterHistory.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import org.junit.jupiter.api.Test;

class RegisterHistoryTest {

    @Test
    void itsOperationsAreToldToOthersButForWritesThatFailed() {
        RegisterHistory history = RegisterHistory.builder()
                .readOfNothing(0, 1, 2)
                .write(0, 7, 3, 9, Outcome.ACKNOWLEDGED)
                .write(1, 8, 4, 6, Outcome.FAILED)
                .write(1, 9, 5, 8, Outcome.UNKNOWN)
                .read(0, 7, 10, 11)
                .build();

        assertThat(history.operations())
                .containsExactly(
                        new Operation(0, false, 0, 1, 2),
                        new Operation(0, true, 7, 3, 9),
                        new Operation(1, true, 9, 5, Long.MAX_VALUE),
                        new Operation(0, false, 7, 10, 11));
    }
}
