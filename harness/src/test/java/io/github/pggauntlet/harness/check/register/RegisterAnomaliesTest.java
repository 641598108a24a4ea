package io.github.pggauntlet.harness.check.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pggauntlet.harness.check.register.RegisterReport.Reason;
import io.github.pggauntlet.harness.check.register.RegisterReport.Violation;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Each way in which a register is wrong, by the smallest history that shows it. */
class RegisterAnomaliesTest {

    @Test
    void staleRead() {
        assertThat(reason(RegisterHistory.builder()
                        .write(0, 1, 0, 10, Outcome.ACKNOWLEDGED)
                        .write(0, 2, 20, 30, Outcome.ACKNOWLEDGED)
                        .read(0, 1, 40, 50)))
                .isEqualTo(Reason.OUT_OF_ORDER);
    }

    @Test
    void lostWriteThatNobodyHadRead() {
        RegisterReport report = new RegisterChecker()
                .check(RegisterHistory.builder()
                        .write(0, 1, 0, 10, Outcome.ACKNOWLEDGED)
                        .readOfNothing(0, 20, 30)
                        .build());
        assertThat(report.linearizable()).isFalse();
        assertThat(report.violations())
                .singleElement()
                .extracting(Violation::sentence)
                .asString()
                .contains("the register was empty", "operation 1 read nothing");
    }

    @Test
    void phantom() {
        assertThat(reason(RegisterHistory.builder().read(0, 1, 0, 10))).isEqualTo(Reason.PHANTOM);
    }

    @Test
    void failedButRead() {
        assertThat(reason(RegisterHistory.builder()
                        .write(0, 1, 0, 10, Outcome.FAILED)
                        .read(0, 1, 20, 30)))
                .isEqualTo(Reason.FAILED_BUT_READ);
    }

    @Test
    void readFromTheFuture() {
        assertThat(reason(RegisterHistory.builder().read(0, 1, 0, 10).write(0, 1, 20, 30, Outcome.ACKNOWLEDGED)))
                .isEqualTo(Reason.READ_BEFORE_WRITE);
    }

    @Test
    void anUnknownWriteMayAppearLate() {
        assertThat(new RegisterChecker()
                        .check(RegisterHistory.builder()
                                .write(0, 1, 0, 10, Outcome.UNKNOWN)
                                .readOfNothing(0, 20, 30)
                                .read(0, 1, 40, 50)
                                .build())
                        .linearizable())
                .isTrue();
    }

    @Test
    void aValueWrittenTwiceIsRefused() {
        RegisterHistory twice = RegisterHistory.builder()
                .write(0, 1, 0, 10, Outcome.ACKNOWLEDGED)
                .write(0, 1, 20, 30, Outcome.ACKNOWLEDGED)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegisterChecker().check(twice))
                .withMessageContaining("written to register 0 twice");
    }

    @Test
    void lostUpdate() {
        assertThat(reason(VersionHistory.builder()
                        .update(0, OptionalInt.of(1), 1, OptionalLong.empty(), 0, 10, Outcome.ACKNOWLEDGED)
                        .update(0, OptionalInt.of(1), 2, OptionalLong.empty(), 20, 30, Outcome.ACKNOWLEDGED)))
                .isEqualTo(Reason.LOST_UPDATE);
    }

    @Test
    void compareAndSetOnAnotherValue() {
        assertThat(reason(VersionHistory.builder()
                        .update(0, OptionalInt.of(1), 1, OptionalLong.empty(), 0, 10, Outcome.ACKNOWLEDGED)
                        .update(0, OptionalInt.of(2), 2, OptionalLong.of(7), 20, 30, Outcome.ACKNOWLEDGED)))
                .isEqualTo(Reason.WRONG_EXPECTATION);
    }

    @Test
    void versionThatComesBack() {
        assertThat(reason(VersionHistory.builder()
                        .update(0, OptionalInt.of(1), 1, OptionalLong.empty(), 0, 10, Outcome.ACKNOWLEDGED)
                        .read(0, 0, OptionalLong.empty(), 20, 30)))
                .isEqualTo(Reason.OUT_OF_ORDER);
    }

    @Test
    void twoValuesInOneVersion() {
        assertThat(reason(VersionHistory.builder()
                        .update(0, OptionalInt.of(1), 1, OptionalLong.empty(), 0, 10, Outcome.ACKNOWLEDGED)
                        .read(0, 1, OptionalLong.of(9), 20, 30)))
                .isEqualTo(Reason.CONTRADICTION);
    }

    @Test
    void versionThatNobodyMade() {
        assertThat(reason(VersionHistory.builder()
                        .update(0, OptionalInt.of(2), 1, OptionalLong.empty(), 0, 10, Outcome.ACKNOWLEDGED)))
                .isEqualTo(Reason.UNKNOWN_VERSION);
    }

    private static Reason reason(RegisterHistory.Builder history) {
        return new RegisterChecker().check(history.build()).violations().get(0).reason();
    }

    private static Reason reason(VersionHistory.Builder history) {
        return new VersionChecker().check(history.build()).violations().get(0).reason();
    }
}
