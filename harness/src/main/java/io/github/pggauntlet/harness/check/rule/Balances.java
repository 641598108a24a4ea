package io.github.pggauntlet.harness.check.rule;

import java.util.List;

/**
 * The balances of all accounts, as one transaction read them.
 *
 * @param reader who read, for people
 * @param at when the read had returned, in nanoseconds
 * @param accounts the balances in the order of the accounts
 */
public record Balances(String reader, long at, List<Long> accounts) {

    public Balances {
        accounts = List.copyOf(accounts);
    }
}
