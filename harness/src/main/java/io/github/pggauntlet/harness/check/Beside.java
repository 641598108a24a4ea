package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.Operation.Transaction;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent.WorkloadBegun;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What checkers of the workload beside the ledger have in common: its facts, and the pieces of its history that must make sense
 * each by itself.
 */
final class Beside {

    static final String NOTHING = "nothing";

    private final RunRecord run;
    private final Optional<WorkloadBegun> begun;

    Beside(RunRecord run, String workload) {
        this.run = run;
        this.begun = run.events(WorkloadBegun.class)
                .filter(event -> event.workload().equals(workload))
                .findFirst();
    }

    boolean isThere() {
        return begun.isPresent();
    }

    /** What the history is held against. */
    String expectation() {
        return fact("expect");
    }

    /**
     * A fact about the workload.
     *
     * @throws IllegalArgumentException if the record does not have it
     */
    String fact(String name) {
        return begun.map(event -> event.facts().get(name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "The record does not say what '" + name + "' of the workload is."));
    }

    List<Transaction> transactions() {
        return run.history().transactions();
    }

    long acknowledged() {
        return transactions().stream().filter(Transaction::acknowledged).count();
    }

    boolean hasFinalRead() {
        return transactions().stream()
                .anyMatch(transaction -> transaction.detail().equals(Transaction.FINAL_READ));
    }

    /**
     * The pieces. Where nothing may be lost there is one, of everything. Otherwise one for each timeline: what was acknowledged
     * on earlier ones may be there or not, so it is of unknown outcome, and what came later is not there yet.
     */
    List<List<Transaction>> pieces() {
        if (isStrict()) {
            return List.of(transactions());
        }
        SortedSet<Integer> timelines = new TreeSet<>();
        transactions().forEach(transaction -> timelines.add(transaction.timeline()));
        List<List<Transaction>> pieces = new ArrayList<>();
        for (int timeline : timelines) {
            pieces.add(transactions().stream()
                    .filter(transaction -> transaction.timeline() <= timeline)
                    .map(transaction -> transaction.timeline() < timeline ? doubted(transaction) : transaction)
                    .toList());
        }
        return pieces;
    }

    boolean isStrict() {
        return run.allFaults()
                .allMatch(fault -> run.promise(fault.faultClass())
                        .map(Promise::loss)
                        .filter(LossBound.None.class::isInstance)
                        .isPresent());
    }

    private static Transaction doubted(Transaction transaction) {
        return transaction.outcome() != Outcome.ACKNOWLEDGED
                ? transaction
                : new Transaction(
                        transaction.id(),
                        transaction.session(),
                        transaction.invoked(),
                        transaction.completed(),
                        Outcome.UNKNOWN,
                        transaction.sqlState(),
                        transaction.node(),
                        transaction.timeline(),
                        transaction.accesses(),
                        transaction.detail());
    }

    /** The ruling where nothing wrong was found. */
    Checker.Result unbroken(String promise, String sentence) {
        if (acknowledged() == 0) {
            return Checker.Result.of(
                    Finding.of(promise, Ruling.VACUOUS, "No transaction of the workload was acknowledged."));
        }
        if (!hasFinalRead()) {
            return Checker.Result.of(Finding.of(
                    promise,
                    Ruling.INCONCLUSIVE,
                    "Nothing wrong was seen, but there is no final read by which what was lost unread could show."));
        }
        return Checker.Result.of(Finding.of(promise, Ruling.KEPT, sentence));
    }

    /** The ruling where something wrong was found. What is held against nothing is told all the same. */
    static Checker.Result found(String promise, String expectation, String sentence, List<Evidence> evidence) {
        boolean expected = !expectation.equals(NOTHING);
        return Checker.Result.of(new Finding(
                promise,
                expected ? Ruling.BROKEN : Ruling.KEPT,
                expected ? sentence : "Nothing was expected. " + sentence,
                evidence));
    }

    static String describe(Transaction transaction) {
        return "session " + transaction.session() + " on " + transaction.node() + ", timeline "
                + transaction.timeline() + ", " + Text.seconds(transaction.invoked()) + " to "
                + Text.seconds(transaction.completed());
    }
}
