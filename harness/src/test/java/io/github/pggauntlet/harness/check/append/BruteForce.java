package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.append.Transaction.Append;
import io.github.pggauntlet.harness.check.append.Transaction.Read;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Is there an execution? Tries all of them. What it says follows from the definitions alone: for serializability, an order in
 * which running the transactions one after another gives what was recorded; for snapshot isolation, a beginning and an end for
 * each, such that each reads what was committed at its beginning and what it wrote itself, and of two that write the same key
 * one ends before the other begins. Those of unknown outcome take part or not, as it fits.
 */
final class BruteForce {

    private final List<Transaction> transactions;
    private final Order order;

    private BruteForce(List<Transaction> all, Order order) {
        this.transactions = all.stream()
                .filter(transaction -> transaction.outcome() != Outcome.FAILED)
                .toList();
        this.order = order;
    }

    static boolean serializable(List<Transaction> transactions, Order order) {
        return new BruteForce(transactions, order).anyOrder(0, Map.of());
    }

    static boolean snapshotIsolated(List<Transaction> transactions, Order order) {
        BruteForce search = new BruteForce(transactions, order);
        return search.anyInterleaving(0, 0, Map.of(), new HashMap<>());
    }

    private boolean mayBegin(int next, int done) {
        if ((done & (1 << next)) != 0) {
            return false;
        }
        for (int other = 0; other < transactions.size(); other++) {
            if (other != next
                    && (done & (1 << other)) == 0
                    && transactions.get(other).precedes(transactions.get(next), order)) {
                return false;
            }
        }
        return true;
    }

    private boolean allAcknowledged(int done) {
        for (int i = 0; i < transactions.size(); i++) {
            if (transactions.get(i).acknowledged() && (done & (1 << i)) == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean anyOrder(int done, Map<Integer, List<Integer>> state) {
        if (allAcknowledged(done)) {
            return true;
        }
        for (int next = 0; next < transactions.size(); next++) {
            if (mayBegin(next, done)) {
                Map<Integer, List<Integer>> after = new HashMap<>(state);
                if (run(transactions.get(next), after) && anyOrder(done | (1 << next), after)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A transaction that has begun: the state it leaves of the keys it writes, and those keys' writers that ended since. */
    private record Begun(Map<Integer, List<Integer>> result, Set<Integer> writtenSince) {}

    private boolean anyInterleaving(
            int begun, int done, Map<Integer, List<Integer>> state, Map<Integer, Begun> running) {
        if (allAcknowledged(done)) {
            return true;
        }
        for (int next = 0; next < transactions.size(); next++) {
            if ((begun & (1 << next)) == 0 && mayBegin(next, done)) {
                Map<Integer, List<Integer>> result = new HashMap<>(state);
                if (run(transactions.get(next), result)) {
                    Map<Integer, Begun> more = new HashMap<>(running);
                    more.put(next, new Begun(result, Set.of()));
                    if (anyInterleaving(begun | (1 << next), done, state, more)) {
                        return true;
                    }
                }
            }
        }
        for (Map.Entry<Integer, Begun> ending : running.entrySet()) {
            Set<Integer> written = written(transactions.get(ending.getKey()));
            if (written.stream().noneMatch(ending.getValue().writtenSince()::contains)) {
                Map<Integer, List<Integer>> after = new HashMap<>(state);
                written.forEach(key -> after.put(key, ending.getValue().result().get(key)));
                Map<Integer, Begun> rest = new HashMap<>();
                running.forEach((number, other) -> {
                    Set<Integer> since = new HashSet<>(other.writtenSince());
                    since.addAll(written);
                    rest.put(number, new Begun(other.result(), since));
                });
                rest.remove(ending.getKey());
                if (anyInterleaving(begun, done | (1 << ending.getKey()), after, rest)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<Integer> written(Transaction transaction) {
        Set<Integer> keys = new HashSet<>();
        transaction.operations().forEach(operation -> {
            if (operation instanceof Append) {
                keys.add(operation.key());
            }
        });
        return keys;
    }

    /** Runs a transaction on a state; whether that gives what was recorded of it. */
    private static boolean run(Transaction transaction, Map<Integer, List<Integer>> state) {
        for (Transaction.Operation operation : transaction.operations()) {
            List<Integer> list = state.getOrDefault(operation.key(), List.of());
            if (operation instanceof Append append) {
                if (transaction.acknowledged() && append.place() >= 0 && append.place() != list.size()) {
                    return false;
                }
                List<Integer> longer = new ArrayList<>(list);
                longer.add(append.value());
                state.put(append.key(), longer);
            } else if (operation instanceof Read read
                    && transaction.acknowledged()
                    && !read.values().equals(list)) {
                return false;
            }
        }
        return true;
    }
}
