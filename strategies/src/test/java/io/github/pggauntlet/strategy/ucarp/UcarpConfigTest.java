package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UcarpConfigTest {

    private static UcarpConfig config(int advbase, int advskew, int deadRatio) {
        return new UcarpConfig(200, advbase, advskew, deadRatio, true, true, false);
    }

    @Test
    void theClassicSetUpIsDeadAfterFifteenAndTwentySeconds() {
        UcarpPreset classic = UcarpPreset.classic();
        assertThat(classic.first().deadTime()).isEqualTo(Duration.ofSeconds(15));
        assertThat(classic.second().deadTime()).isEqualTo(Duration.ofSeconds(20));
        assertThat(classic.first().vhid()).isEqualTo(200);
        // The second machine has last heard the first up to 3 s before its death, and looks at the time every 4 s.
        assertThat(classic.second().soonestAfter(classic.first())).isEqualTo(Duration.ofSeconds(17));
        assertThat(classic.second().latest()).isEqualTo(Duration.ofSeconds(24));
        assertThat(classic.longest()).isEqualTo(Duration.ofSeconds(24));
    }

    @Test
    void theSkewIsAddedOnceAndNotMultiplied() {
        UcarpConfig skewed = config(1, 128, 3);
        assertThat(skewed.interval()).isEqualTo(Duration.ofMillis(1500));
        assertThat(skewed.deadTime()).isEqualTo(Duration.ofMillis(3500));
        assertThat(config(0, 1, 3).deadTime()).isEqualTo(Duration.ofNanos(3_906_250));
        assertThat(config(255, 255, 255).deadTime()).isEqualTo(Duration.ofNanos(65_025_996_093_750L));
    }

    @Test
    void whoGivesTheAddressAwayStaysOutUntilTheOtherHasIt() {
        for (UcarpPreset preset : java.util.List.of(UcarpPreset.classic(), UcarpPreset.fast())) {
            assertThat(preset.hold(0)).isGreaterThan(preset.second().latest());
            assertThat(preset.hold(1)).isGreaterThan(preset.first().latest());
        }
    }

    @Test
    void whatUcarpWouldTakeForSomethingElseIsRefused() {
        assertThatThrownBy(() -> config(0, 0, 3)).hasMessageContaining("cannot both be 0");
        assertThatThrownBy(() -> config(1, 0, 0)).hasMessageContaining("dead ratio (-r) of 0");
        assertThatThrownBy(() -> config(256, 0, 3)).hasMessageContaining("(-b) lies between 0 and 255; 256 does not");
        assertThatThrownBy(() -> config(1, 256, 3)).hasMessageContaining("(-k) lies between 0 and 255; 256 does not");
        assertThatThrownBy(() -> config(1, 0, -1)).hasMessageContaining("(-r) lies between 1 and 255; -1 does not");
        assertThatThrownBy(() -> new UcarpConfig(0, 1, 0, 3, true, true, false))
                .hasMessageContaining("(vhid) lies between 1 and 255; 0 does not");
    }

    @Test
    void theCommandNamesEverythingAndHoldsNoPassword() {
        assertThat(UcarpPreset.classic().second().command("eth2", "10.0.0.250", "/etc/p", "/opt/s"))
                .containsExactly(
                        "ucarp",
                        "--interface=eth2",
                        "--vhid=200",
                        "--passfile=/etc/p",
                        "--addr=10.0.0.250",
                        "--advbase=4",
                        "--advskew=0",
                        "--deadratio=5",
                        "--upscript=/opt/s/vip-up",
                        "--downscript=/opt/s/vip-down",
                        "--neutral",
                        "--shutdown");
        assertThat(new UcarpConfig(1, 1, 0, 3, false, false, true).command("a", "b", "c", "d"))
                .contains("--preempt")
                .doesNotContain("--neutral", "--shutdown");
    }
}
