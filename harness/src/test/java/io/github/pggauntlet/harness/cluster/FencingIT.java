package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Agents that freeze and die, data that go away, rewinds that are cut short: on real servers. */
class FencingIT {

    private static final Duration FROZEN = StreamingRig.TIMINGS.lease().multipliedBy(3);
    private static final String DATA = "/var/lib/gauntlet/data";
    private static final Pattern LAST_WORD = Pattern.compile("(?m)^([0-9.]+) nothing is left$");

    /** Stands in the place of pg_rewind: lets it begin, kills it, and does not come back. */
    private static final String REWIND_THAT_IS_KILLED = """
            #!/bin/sh
            # What the real one writes to standard output would be taken for a result.
            "$0.real" "$@" >/dev/null 2>&1 &
            until [ -e %s/backup_label ] || ! kill -0 $! 2>/dev/null; do :; done
            kill -9 $!
            touch /tmp/rewind-was-killed
            exec sleep 600
            """.formatted(DATA);

    /** When the watchdog of a member saw to it for the last time that nothing was left. */
    private static Instant fencedByWatchdog(StreamingRig rig, String member) throws InterruptedException {
        String log = rig.run(member, "cat", "/var/lib/gauntlet/log/watchdog.log");
        Matcher words = LAST_WORD.matcher(log);
        BigDecimal last = BigDecimal.ZERO;
        while (words.find()) {
            last = new BigDecimal(words.group(1));
        }
        assertThat(last).as(log).isPositive();
        return Instant.ofEpochMilli(last.movePointRight(3).longValue());
    }

    /**
     * The agent of the primary freezes, PostgreSQL does not. Nobody renews the lease and nobody in the agent can put the
     * fence up; still the old primary is dead before the new one is elected, and returns as a standby.
     */
    private static void anAgentFreezes(StreamingRig rig) throws InterruptedException {
        rig.awaitWhole();
        rig.turnPages();
        String old = rig.primary();
        String agent = rig.agent(old);
        rig.run(old, "kill", "-STOP", agent);
        long frozenAt = System.nanoTime();
        try {
            String next = rig.primaryOtherThan(old);
            Instant elected = rig.awaitEntry(next, Milestone.ELECTED).at();

            assertThat(fencedByWatchdog(rig, old)).isBefore(elected);
            assertThat(rig.writes(old)).isFalse();
            assertThat(rig.writes(next)).isTrue();
            await().atMost(StreamingRig.LIMIT).until(() -> System.nanoTime() - frozenAt > FROZEN.toNanos());
            assertThat(rig.writes(old)).isFalse();
        } finally {
            rig.run(old, "kill", "-CONT", agent);
        }
        rig.awaitWhole();
        assertThat(rig.primary()).isNotEqualTo(old);
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class InSync {

        private StreamingRig rig;

        @BeforeAll
        void start() throws InterruptedException {
            rig = StreamingRig.start(2, Durability.SYNC, Map.of());
        }

        @AfterAll
        void stop() {
            if (rig != null) {
                rig.close();
            }
        }

        @Test
        void aPrimaryWhoseAgentFreezesIsDeadBeforeTheNextIsElected() throws InterruptedException {
            anAgentFreezes(rig);
        }

        @Test
        void aPrimaryWhoseAgentIsKilledDiesWithItAndComesBack() throws InterruptedException {
            rig.awaitWhole();
            rig.turnPages();
            String old = rig.primary();
            rig.run(old, "kill", "-KILL", rig.agent(old));

            String next = rig.primaryOtherThan(old);
            rig.awaitWhole();

            assertThat(rig.primary()).isEqualTo(next);
            assertThat(rig.awaitEntry(old, Milestone.REJOINED).details()).containsKey("evidence");
            // Whoever watched the dead agent's server has left, and has not taken the new one for the old.
            assertThat(rig.run(old, "pgrep", "-fc", "[g]auntlet-watchdog")).isEqualTo("1");
            assertThat(rig.writes(next)).isTrue();
        }

        /** New clients do not get in, old sessions go on: the agent's own as well, so asking PostgreSQL tells nothing. */
        @Test
        void aPostmasterThatFreezesIsKilledAndAnotherTakesOver() throws InterruptedException {
            rig.awaitWhole();
            String old = rig.primary();
            rig.run(old, "pkill", "-STOP", "-o", "-x", "postgres");

            String next = rig.primaryOtherThan(old);
            rig.awaitWhole();

            assertThat(rig.primary()).isEqualTo(next);
        }

        /** Agent, watchdog and backends wake at the same instant. */
        @Test
        void aMachineThatWasFrozenForLongerThanTheLeaseWakesAsNoPrimary() throws InterruptedException {
            rig.awaitWhole();
            String old = rig.primary();
            rig.machine(old).pause();
            String next;
            try {
                next = rig.primaryOtherThan(old);
                assertThat(rig.writes(next)).isTrue();
            } finally {
                rig.machine(old).unpause();
            }

            assertThat(rig.writes(old)).isFalse();
            rig.awaitWhole();
            assertThat(rig.primary()).isEqualTo(next);
        }

        @Test
        void aRewindThatIsCutShortTogetherWithItsMachineIsNeverStarted() throws InterruptedException {
            rig.awaitWhole();
            rig.turnPages();
            String old = rig.primary();
            String program = rig.run(old, "readlink", "-f", "/usr/lib/postgresql/current/bin/pg_rewind");
            rig.run(old, "mv", program, program + ".real");
            rig.host(old)
                    .put(
                            program,
                            REWIND_THAT_IS_KILLED.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            "root",
                            0755);
            rig.run(old, "rm", "-f", "/tmp/rewind-was-killed");
            try {
                rig.machine(old).kill();
                String next = rig.primaryOtherThan(old);
                assertThat(rig.writes(next)).isTrue();
                rig.machine(old).start();
                await().atMost(StreamingRig.LIMIT)
                        .until(() -> rig.run(old, "sh", "-c", "ls /tmp/rewind-was-killed || true")
                                .contains("killed"));
                rig.turnPages();
                rig.machine(old).kill();
                rig.machine(old).start();
                JournalEntry planned = rig.awaitEntry(old, Milestone.REJOIN_PLANNED);

                assertThat(planned.details())
                        .as(() -> rig.entries(old).toString())
                        .containsEntry("way", "copy")
                        .extractingByKey("reason")
                        .asString()
                        .contains("pg_rewind was interrupted");
                rig.awaitWhole();
                assertThat(rig.awaitEntry(old, Milestone.REJOINED).details().get("evidence"))
                        .startsWith("copy: ");
                assertThat(rig.run(old, "sh", "-c", "ls -d /var/lib/gauntlet/data.replaced-*"))
                        .contains("pg-rewind-was-interrupted");
            } finally {
                rig.run(old, "mv", program + ".real", program);
            }
        }

        @Test
        void aStandbyWhoseDataAreRemovedCopiesThemAnew() throws InterruptedException {
            rig.awaitWhole();
            rig.turnPages();
            String standby = rig.standby();
            rig.run(standby, "mv", DATA, DATA + ".gone");
            rig.run(standby, "rm", "-rf", DATA + ".gone");

            assertThat(rig.awaitEntry(standby, Milestone.REJOINED).details()).containsEntry("way", "copy");
            rig.awaitWhole();
            assertThat(rig.primary()).isNotEqualTo(standby);
        }

        @Test
        void aPrimaryWhoseDataAreRemovedGivesItsRoleAwayAndCopiesThemAnew() throws InterruptedException {
            rig.awaitWhole();
            rig.turnPages();
            String old = rig.primary();
            rig.run(old, "mv", DATA, DATA + ".gone");
            rig.run(old, "rm", "-rf", DATA + ".gone");

            String next = rig.primaryOtherThan(old);
            assertThat(rig.awaitEntry(old, Milestone.REJOINED).details()).containsEntry("way", "copy");
            rig.awaitWhole();
            assertThat(rig.primary()).isEqualTo(next);
        }

        @Test
        void aStandbyWhoseControlFileIsDamagedCopiesAnewAndKeepsTheOldAside() throws InterruptedException {
            rig.awaitWhole();
            rig.turnPages();
            String standby = rig.standby();
            rig.run(
                    standby,
                    "sh",
                    "-c",
                    "printf x | dd of=$1/global/pg_control conv=notrunc bs=1 seek=20 && pkill -KILL -o -x postgres",
                    "sh",
                    DATA);

            assertThat(rig.awaitEntry(standby, Milestone.REJOIN_PLANNED)
                            .details()
                            .get("reason"))
                    .contains("damaged", "checksum does not match");
            assertThat(rig.awaitEntry(standby, Milestone.REJOINED).details()).containsEntry("way", "copy");
            rig.awaitWhole();
            assertThat(rig.primary()).isNotEqualTo(standby);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class InAsync {

        private StreamingRig rig;

        @BeforeAll
        void start() throws InterruptedException {
            // As little WAL as possible is kept for its own sake, so that it is slots that keep it.
            rig = StreamingRig.start(
                    3, Durability.ASYNC, Map.of("wal_keep_size", "0", "min_wal_size", "32MB", "max_wal_size", "64MB"));
        }

        @AfterAll
        void stop() {
            if (rig != null) {
                rig.close();
            }
        }

        @Test
        void aPrimaryWhoseAgentFreezesIsDeadBeforeTheNextIsElected() throws InterruptedException {
            anAgentFreezes(rig);
        }

        /**
         * A third member is away while WAL is written and the primary fails. The new primary, as a standby, has kept what the
         * absent one needs, so it follows and need not be copied.
         */
        @Test
        void aMemberThatWasAwayDuringAFailoverStillFindsItsWal() throws Exception {
            rig.awaitWhole();
            String old = rig.primary();
            List<String> standbys = rig.status().stream()
                    .map(io.github.pggauntlet.strategy.NodeStatus::member)
                    .filter(member -> !member.equals(old))
                    .toList();
            String away = standbys.get(1);
            awaitSlots(old, standbys);
            rig.turnPages();
            rig.machine(away).kill();
            try {
                writeWal(old);
                writeWal(old);
                rig.awaitSuccessor(old, standbys.get(0));
                rig.run(old, "pkill", "-KILL", "-o", "-x", "postgres");
                String next = rig.primaryOtherThan(old);
                writeWal(next);
                assertThat(keptFor(next, away))
                        .as("the slot that keeps the WAL of " + away)
                        .isNotBlank();
            } finally {
                rig.machine(away).start();
            }

            JournalEntry rejoined = rig.awaitEntry(away, Milestone.REJOINED);
            assertThat(rejoined.details().get("way"))
                    .as(() -> rig.entries(away).toString())
                    .isIn("follow", "recover");
            rig.awaitWhole();
        }

        private void awaitSlots(String primary, List<String> standbys) {
            for (String standby : standbys) {
                await("the slots on " + standby)
                        .atMost(StreamingRig.LIMIT)
                        .until(() -> rig.ask(
                                        standby,
                                        "select count(*) from pg_replication_slots where restart_lsn is not null")
                                .filter("2"::equals)
                                .isPresent());
            }
            assertThat(rig.ask(primary, "select count(*) from pg_replication_slots where active"))
                    .contains("2");
        }

        private String keptFor(String member, String owner) {
            return rig.ask(
                            member,
                            "select restart_lsn from pg_replication_slots where slot_name = 'gauntlet_" + owner + "'")
                    .orElse("");
        }

        /** Fills some segments, and lets old ones go as far as nobody keeps them. */
        private void writeWal(String primary) throws Exception {
            try (var connection = rig.connect(primary);
                    var statement = connection.createStatement()) {
                statement.execute("create table if not exists filler (content text)");
                for (int i = 0; i < 4; i++) {
                    statement.execute(
                            "insert into filler select repeat(md5(n::text), 30) from generate_series(1, 20000) n");
                }
                statement.execute("truncate filler");
            }
        }
    }
}
