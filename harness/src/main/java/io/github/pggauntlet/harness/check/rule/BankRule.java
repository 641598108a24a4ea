package io.github.pggauntlet.harness.check.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * Does money move without being made or lost? Every read must see the same total, and where that is forbidden no account in debt.
 * Holds from snapshot isolation on: a read under READ COMMITTED that takes several statements may see a transfer by half.
 * O(n · a) for n reads of a accounts.
 */
public final class BankRule {

    private final int accounts;
    private final long total;
    private final boolean debtAllowed;

    /**
     * @param accounts how many accounts there are
     * @param total what they hold together
     * @param debtAllowed whether a balance may be negative
     */
    public BankRule(int accounts, long total, boolean debtAllowed) {
        this.accounts = accounts;
        this.total = total;
        this.debtAllowed = debtAllowed;
    }

    /** The breaches, at most one of each kind for a read. */
    public List<Breach> check(List<Balances> reads) {
        List<Breach> breaches = new ArrayList<>();
        for (Balances read : reads) {
            String who = read.reader() + " at " + Times.seconds(read.at());
            if (read.accounts().size() != accounts) {
                breaches.add(new Breach(
                        "all accounts", who + " saw " + read.accounts().size() + " accounts of " + accounts));
            }
            long sum = 0;
            for (long balance : read.accounts()) {
                sum = Math.addExact(sum, balance);
            }
            if (sum != total) {
                breaches.add(new Breach("total conserved", who + " saw a total of " + sum + " instead of " + total));
            }
            for (int account = 0; !debtAllowed && account < read.accounts().size(); account++) {
                if (read.accounts().get(account) < 0) {
                    breaches.add(new Breach(
                            "no debt",
                            who + " saw account " + account + " at "
                                    + read.accounts().get(account)));
                    break;
                }
            }
        }
        return breaches;
    }
}
