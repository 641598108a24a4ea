package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.arbiter.FakeArbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness gives the lease, and the address says who may ask for it. */
class WitnessedArbiterTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    @TempDir
    private Path directory;

    private final AtomicLong now = new AtomicLong(1);
    private final AtomicBoolean running = new AtomicBoolean();
    private final FakeArbiter witness = new FakeArbiter(now::get);
    private WitnessedArbiter arbiter;
    private int turn;

    @BeforeEach
    void boot() {
        arbiter = new WitnessedArbiter("a", "b", new AddressTurn(directory), witness.client(), running::get);
    }

    @AfterEach
    void end() {
        arbiter.close();
    }

    private void ucarpSays(String state) throws IOException {
        Files.writeString(directory.resolve("state"), state + " " + ++turn + "\n");
    }

    private Lease primary() throws IOException, InterruptedException {
        ucarpSays("MASTER");
        Lease lease = arbiter.acquire("a", arbiter.read(), LEASE).orElseThrow();
        assertThat(arbiter.recordSystem(lease, "data")).isTrue();
        return lease;
    }

    @Test
    void theLeaseIsForTheMasterOfTheAddressAndEndsWithItsTurn() throws IOException, InterruptedException {
        ucarpSays("BACKUP");
        assertThat(arbiter.acquire("a", arbiter.read(), LEASE)).isEmpty();
        Lease lease = primary();
        assertThat(arbiter.renew(lease)).isTrue();
        ucarpSays("BACKUP");
        assertThat(arbiter.renew(lease)).isFalse();
    }

    @Test
    void whatIsOnRecordIsTheWitnesss() throws IOException, InterruptedException {
        Lease lease = primary();
        Succession both = new Succession(Set.of("a", "b"), 1, "a", 1);
        assertThat(arbiter.recordSuccession(lease, both)).isTrue();
        assertThat(arbiter.read().succession()).isEqualTo(both);
        assertThat(arbiter.read().elected()).contains("a");
        arbiter.release(lease);
        assertThat(directory.resolve("give-away")).exists();
    }

    @Test
    void aRunningStandbyStandsStillWhileNobodyHasTheLeaseAndAnEndedPrimaryWaits()
            throws IOException, InterruptedException {
        ucarpSays("BACKUP");
        assertThat(arbiter.read().holder()).as("for a primary to follow").contains("b");
        running.set(true);
        assertThat(arbiter.read().holder())
                .as("it does not stream from who may yet be chosen")
                .isEmpty();
        assertThat(arbiter.acquire("a", arbiter.read(), LEASE))
                .as("the address is not its own")
                .isEmpty();
    }
}
