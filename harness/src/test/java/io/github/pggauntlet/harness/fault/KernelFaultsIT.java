package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The faults of clocks and disks that take a machine with a kernel of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelFaultsIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int WRITES = 50;

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

    private long aheadSeconds() throws InterruptedException {
        return Long.parseLong(postgres.tell("date", "+%s")) - System.currentTimeMillis() / 1000;
    }

    private long uptimeSeconds() throws InterruptedException {
        return Math.round(
                Double.parseDouble(postgres.tell("cat", "/proc/uptime").split(" ")[0]));
    }

    @Test
    void aClockJumpsForwardAndIsSetRight() throws InterruptedException {
        long before = uptimeSeconds();

        ActiveFault fault = postgres.inject(new ClockFault.StepClock(Target.primary(), HOUR));

        assertThat(aheadSeconds()).isBetween(HOUR.toSeconds() - 60, HOUR.toSeconds() + 60);
        assertThat(uptimeSeconds() - before)
                .as("what counts from the start on does not jump")
                .isLessThan(HOUR.toSeconds() / 2);
        fault.heal();
        assertThat(aheadSeconds()).isBetween(-60L, 60L);
    }

    @Test
    void aClockJumpsBackAndIsSetRight() throws InterruptedException {
        ActiveFault fault = postgres.inject(new ClockFault.StepClock(Target.primary(), HOUR.negated()));

        assertThat(aheadSeconds()).isBetween(-HOUR.toSeconds() - 60, -HOUR.toSeconds() + 60);
        fault.heal();
        assertThat(aheadSeconds()).isBetween(-60L, 60L);
    }

    @Test
    void aClockRunsWrongAndIsSetRight() throws InterruptedException {
        for (int perThousand : new int[] {100, -100}) {
            ActiveFault fault = postgres.inject(new ClockFault.DriftClock(Target.primary(), perThousand));

            assertThat(fault.made().evidence().get("seen"))
                    .startsWith(perThousand < 0 ? "-" : "")
                    .contains("astray");
            assertThat(tick()).isEqualTo(10_000 + 10 * perThousand);
            fault.heal();
            assertThat(tick()).isEqualTo(10_000);
        }
    }

    private int tick() throws InterruptedException {
        return Integer.parseInt(
                postgres.tell("sh", "-c", "busybox adjtimex | sed -n 's/.*tick: *\\([0-9]*\\).*/\\1/p'"));
    }

    @Test
    void aDiskIsSlowAndIsNot() throws InterruptedException {
        ActiveFault fault = postgres.inject(new DiskFault.SlowDisk(Target.primary(), 20));

        assertThat(fault.made().evidence().get("limits")).contains("iops=20");
        assertThat(fault.heal().evidence().get("limits")).doesNotContain("iops=20");
    }

    @Test
    void aDiskThatFailsAcknowledgesNothingAndLosesNothing() throws InterruptedException {
        postgres.begin("on");
        Set<Integer> acknowledged = postgres.writeAll(0, WRITES);

        ActiveFault fault = postgres.inject(new DiskFault.FailDisk(Target.primary()));

        assertThat(fault.made().evidence().get("takes no writes")).contains("ext4");
        assertThat(postgres.write(WRITES, 2 * WRITES))
                .as("acknowledged, although nothing can be flushed")
                .isEmpty();
        fault.heal();
        assertThat(postgres.startServer()).isTrue();
        assertThat(postgres.rows()).containsAll(acknowledged);
    }
}
