package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A machine that loses its power loses what PostgreSQL had not flushed, and nothing else. The pair of tests is the proof that
 * the fault is real: with {@code fsync = off} acknowledged writes are lost, with {@code fsync = on} none is.
 */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerLossIT {

    private static final int WRITES = 200;

    private GuestPostgres postgres;

    @BeforeAll
    void start() throws InterruptedException {
        postgres = GuestPostgres.start();
    }

    @AfterAll
    void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void whatPostgresHadFlushedSurvives() throws InterruptedException {
        postgres.begin("on");
        Set<Integer> acknowledged = postgres.writeAll(0, WRITES);

        losePowerAndComeBack();

        assertThat(postgres.startServer()).isTrue();
        assertThat(postgres.rows()).containsAll(acknowledged);
    }

    @Test
    void whatPostgresOnlyHadWrittenIsLost() throws InterruptedException {
        postgres.begin("off");
        Set<Integer> acknowledged = postgres.writeAll(0, WRITES);

        losePowerAndComeBack();

        // It may also not start at all any more: then everything is lost.
        postgres.startServer();
        Set<Integer> found = postgres.rows();
        assertThat(acknowledged)
                .as("acknowledged writes that are still there: " + found)
                .anyMatch(id -> !found.contains(id));
    }

    private void losePowerAndComeBack() throws InterruptedException {
        ActiveFault fault = postgres.inject(new HostFault.PowerLoss(Target.primary()));
        assertThat(postgres.machine().state().running()).isFalse();
        assertThat(fault.made().evidence()).containsKey("not yet written, and being written, just before");
        fault.heal();
        assertThat(postgres.machine().state().running()).isTrue();
    }
}
