package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.rule.Balances;
import io.github.pggauntlet.harness.check.rule.BankRule;
import io.github.pggauntlet.harness.check.rule.Breach;
import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Does the bank's money stay what it was, whoever fails? See {@link BankRule}. A failover loses whole transactions, so the total
 * holds also where loss is allowed. O(n · a) for n reads of a accounts.
 */
public final class BankChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "bank";

    private static final String WORKLOAD = "bank";
    private static final int MOST_EVIDENCE = 10;

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return new Beside(run, WORKLOAD).isThere();
    }

    @Override
    public Result check(RunRecord run) {
        Beside beside = new Beside(run, WORKLOAD);
        BankRule rule =
                new BankRule(Integer.parseInt(beside.fact("accounts")), Long.parseLong(beside.fact("total")), false);
        List<Balances> reads = new ArrayList<>();
        for (Transaction transaction : beside.transactions()) {
            for (Access access : transaction.accesses()) {
                if (access instanceof Access.Balances balances && transaction.acknowledged()) {
                    reads.add(new Balances(Beside.describe(transaction), transaction.completed(), balances.accounts()));
                }
            }
        }
        List<Breach> breaches = rule.check(reads);
        if (!breaches.isEmpty()) {
            return Beside.found(
                    PROMISE,
                    beside.expectation(),
                    Text.count(breaches.size(), "breach", "breaches") + " of the bank's rules at "
                            + beside.fact("isolation") + "; the first: "
                            + breaches.get(0).rule() + ": "
                            + breaches.get(0).sentence() + ".",
                    breaches.stream()
                            .limit(MOST_EVIDENCE)
                            .map(breach -> Evidence.of(breach.rule() + ": " + breach.sentence() + "."))
                            .toList());
        }
        if (reads.isEmpty()) {
            return Result.of(Finding.of(PROMISE, Ruling.VACUOUS, "Nobody read the bank's accounts."));
        }
        return beside.unbroken(
                PROMISE,
                "The total is the same in all of " + Text.count(reads.size(), "read", "reads") + " at "
                        + beside.fact("isolation") + ", among "
                        + Text.count(beside.acknowledged(), "acknowledged transaction", "acknowledged transactions")
                        + ".");
    }
}
