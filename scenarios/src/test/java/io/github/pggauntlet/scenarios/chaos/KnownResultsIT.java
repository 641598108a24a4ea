package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.BankChecker;
import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.IsolationChecker;
import io.github.pggauntlet.harness.check.LinearizabilityChecker;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.StandbyReadsChecker;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is known of PostgreSQL is found again, across a failover: a workload held against more than its isolation level gives turns
 * its checker red, and one held against what it gives does not.
 */
@Tag("chaos")
class KnownResultsIT {

    private static final long SEED = 5;

    private static Finding judged(String name, String promise, Durability durability, WorkloadChoice choice)
            throws InterruptedException {
        return judged(
                name,
                promise,
                RunPlan.of("streaming", durability, "crash-cycle", Map.of("cycles", "1"), SEED)
                        .withWorkload(choice));
    }

    private static Finding judged(String name, String promise, RunPlan plan) throws InterruptedException {
        ChaosRun run = ChaosRun.of("known-" + name, plan);
        // Whatever is expected of the transactions, the ledger beside them is sound.
        assertThat(run.verdict().promises())
                .as(run.summary())
                .filteredOn(finding -> !finding.promise().equals(promise))
                .allSatisfy(finding -> assertThat(finding.outcome()).isEqualTo(Ruling.KEPT));
        return run.verdict().promises().stream()
                .filter(finding -> finding.promise().equals(promise))
                .findFirst()
                .orElseThrow();
    }

    private static Finding lists(String name, String isolation, String expect, String mix) throws InterruptedException {
        return judged(
                name, IsolationChecker.PROMISE, Durability.SYNC, WorkloadChoice.of("append", isolation, expect, mix));
    }

    @Test
    @DisplayName("SERIALIZABLE is serializable, with savepoints, pauses and two-phase commits, across a failover")
    void serializableIsSerializable() throws InterruptedException {
        Finding finding = lists("serializable", "serializable", "", "long,savepoints,two-phase");
        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Ruling.KEPT);
    }

    @Test
    @DisplayName("REPEATABLE READ is not serializable: write skew is found")
    void repeatableReadHasWriteSkew() throws InterruptedException {
        Finding finding = lists("write-skew", "repeatable-read", "serializable", "");
        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.evidence())
                .anySatisfy(proof -> assertThat(proof.what()).contains("write skew"));
    }

    @Test
    @DisplayName("READ COMMITTED loses updates")
    void readCommittedLosesUpdates() throws InterruptedException {
        Finding finding = lists("lost-update", "read-committed", "snapshot-isolation", "");
        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.evidence())
                .anySatisfy(proof -> assertThat(proof.what()).contains("lost update"));
    }

    /** A standby on the same computer is nearly always in time; one behind a slow link never is. */
    @Test
    @DisplayName("an asynchronous standby gives stale reads")
    void standbysAreStale() throws InterruptedException {
        Finding finding = judged(
                "stale-reads",
                StandbyReadsChecker.PROMISE,
                RunPlan.of("streaming", Durability.ASYNC, "slow-link", Map.of(), SEED)
                        .withWorkload(WorkloadChoice.of("standby-reads", "", "own-writes", "")));
        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.evidence())
                .anySatisfy(proof -> assertThat(proof.what()).contains("Stale"));
    }

    @Test
    @Tag("campaign")
    @DisplayName("a bank that trusts READ COMMITTED makes and loses money, and one at REPEATABLE READ does not")
    void aBankNeedsSnapshots() throws InterruptedException {
        Finding careless = judged(
                "bank-careless",
                BankChecker.PROMISE,
                Durability.SYNC,
                WorkloadChoice.of("bank", "read-committed", "total-conserved", ""));
        assertThat(careless.outcome()).as(careless.sentence()).isEqualTo(Ruling.BROKEN);
        Finding careful = judged(
                "bank-careful",
                BankChecker.PROMISE,
                Durability.SYNC,
                WorkloadChoice.of("bank", "", "", "savepoints,two-phase"));
        assertThat(careful.outcome()).as(careful.sentence()).isEqualTo(Ruling.KEPT);
    }

    @Test
    @Tag("campaign")
    @DisplayName("registers are linearizable across a failover")
    void registersAreLinearizable() throws InterruptedException {
        Finding finding = judged(
                "registers",
                LinearizabilityChecker.PROMISE,
                Durability.SYNC,
                WorkloadChoice.of(WorkloadChoice.Kind.REGISTER));
        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Ruling.KEPT);
    }
}
