package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Safeguards.WatchdogUse;
import io.github.pggauntlet.strategy.arbiter.FakeArbiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a file for a device: it holds what was written to it since it was opened. */
class WatchdogDeviceTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong();
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.createFile(directory.resolve("watchdog"));
    }

    private WatchdogDevice device(WatchdogUse use, Optional<Duration> timeout) {
        return new WatchdogDevice(
                new Safeguards(use, file.toString(), timeout, 1), LEASE, directory.resolve("sys"), now::get);
    }

    private WatchdogDevice required(int seconds) {
        return device(WatchdogUse.REQUIRED, Optional.of(Duration.ofSeconds(seconds)));
    }

    private void renewed(WatchdogDevice device, Duration ago) {
        long endsAt = now.get() - ago.toNanos() + LEASE.toNanos();
        device.lasts(endsAt - Duration.ofSeconds(3).toNanos(), endsAt);
    }

    @Test
    void itIsFedWithEachRenewalAndPutToRestWhenAllIsOver() {
        WatchdogDevice device = required(5);
        device.arm();
        assertThat(file).isEmptyFile();
        renewed(device, Duration.ZERO);
        renewed(device, Duration.ofSeconds(1));
        assertThat(file).hasContent("11");
        device.over();
        assertThat(file).hasContent("11V");
        renewed(device, Duration.ZERO);

        assertThat(file).as("what is not armed is not fed").hasContent("11V");
    }

    /** Fed then, it would reset the machine only after somebody else may have become primary. */
    @Test
    void aRenewalThatWasAnsweredTooLateDoesNotFeedIt() {
        WatchdogDevice device = required(5);
        device.arm();
        renewed(device, Duration.ofSeconds(6));
        assertThat(file).isEmptyFile();
        renewed(device, Duration.ofSeconds(5));

        assertThat(file).hasContent("1");
    }

    @Test
    void whereItIsRequiredAndCannotBeUsedNobodyBecomesPrimary() throws IOException {
        assertThatThrownBy(() -> required(10).arm())
                .isInstanceOf(HaException.class)
                .hasMessageContaining("10000 ms")
                .hasMessageContaining("give it a shorter timeout")
                .hasMessageContaining("does not become primary");
        assertThatThrownBy(() -> device(WatchdogUse.REQUIRED, Optional.empty()).arm())
                .isInstanceOf(HaException.class)
                .hasMessageContaining("the kernel does not tell its timeout");
        Files.delete(file);
        assertThatThrownBy(() -> required(5).arm())
                .isInstanceOf(HaException.class)
                .hasMessageContaining("no such device");
        assertThat(file).doesNotExist();
    }

    @Test
    void whereItIsUsedIfPossibleThePrimaryDoesWithout() throws IOException {
        Files.delete(file);
        WatchdogDevice device = device(WatchdogUse.AUTOMATIC, Optional.of(Duration.ofSeconds(5)));
        device.arm();
        renewed(device, Duration.ZERO);
        device.over();

        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsOffIsLeftAlone() {
        WatchdogDevice device = device(WatchdogUse.OFF, Optional.of(Duration.ofSeconds(5)));
        device.arm();
        renewed(device, Duration.ZERO);
        device.over();
        device.standDown();

        assertThat(file).isEmptyFile();
    }

    @Test
    void theKernelTellsTheTimeout() throws IOException {
        Files.createDirectories(directory.resolve("sys/watchdog0"));
        Files.writeString(directory.resolve("sys/watchdog0/timeout"), "60\n");
        assertThatThrownBy(() -> device(WatchdogUse.REQUIRED, Optional.empty()).arm())
                .hasMessageContaining("60000 ms");
        Files.writeString(directory.resolve("sys/watchdog0/timeout"), "4\n");
        WatchdogDevice device = device(WatchdogUse.REQUIRED, Optional.empty());
        device.arm();
        renewed(device, Duration.ZERO);

        assertThat(file).hasContent("1");
    }

    @Test
    void whatAnEarlierLifeLeftArmedIsPutToRest() {
        required(5).standDown();

        assertThat(file).hasContent("V");
    }

    @Test
    void theLeaseIsNotEvenAskedForWithoutTheWatchdogThatIsRequired() throws Exception {
        FakeArbiter arbiter = new FakeArbiter(now::get);
        Files.delete(file);
        try (WatchedArbiter watched = new WatchedArbiter(arbiter.client(), required(5))) {
            assertThatThrownBy(() -> watched.acquire("a", watched.read(), LEASE))
                    .isInstanceOf(HaException.class);
        }

        assertThat(arbiter.record().holder()).isEmpty();
    }

    @Test
    void whoDoesNotGetTheLeasePutsTheWatchdogToRest() throws Exception {
        FakeArbiter arbiter = new FakeArbiter(now::get);
        try (WatchedArbiter first = new WatchedArbiter(arbiter.client(), required(5));
                WatchedArbiter second = new WatchedArbiter(arbiter.client(), required(5))) {
            assertThat(first.acquire("a", first.read(), LEASE)).isPresent();
            assertThat(file).isEmptyFile();
            assertThat(second.acquire("b", second.read(), LEASE)).isEmpty();
        }

        assertThat(file).hasContent("V");
    }
}
