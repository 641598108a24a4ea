package io.github.pggauntlet.harness.check.append;

import java.util.Arrays;

/**
 * Transactions and which must come before which, in compressed rows: 5 bytes for an edge.
 *
 * <p>Real-time order is not stored as edges, of which there would be n². Behind each acknowledged transaction stands a
 * barrier; barriers form a chain in the order of acknowledgement, and each leads to the transactions that began after it and
 * before the next: n more nodes and 3n more edges, for which 12 bytes for a transaction suffice. Nodes below
 * {@link #transactions()} are transactions, those from there on barriers.
 */
final class DependencyGraph implements Graph {

    private final int transactions;
    private final int[] offset;
    private final int[] target;
    private final byte[] why;

    private final boolean realTime;
    /** The barrier behind a transaction, -1 if none. */
    private final int[] barrier;
    /** Where the transactions that a barrier leads to begin in {@link #byInvocation}; one more at the end. */
    private final int[] release;

    private final int[] byInvocation;

    DependencyGraph(AppendHistory history, VersionOrder versions, Order order) {
        this.transactions = history.size();
        int[] invocations = history.byInvocation();
        DependencyFinder finder = new DependencyFinder(history, versions, invocations);
        boolean sessions = order != Order.NONE;
        int[] ends = new int[transactions + 1];
        finder.find((from, to, reason) -> ends[from + 1]++);
        for (int i = 0; i < transactions; i++) {
            ends[i + 1] += ends[i];
        }
        int[] targets = new int[ends[transactions]];
        byte[] reasons = new byte[targets.length];
        // Each offset moves to the end of its row, which is the beginning of the next: it is the table shifted by one.
        finder.find((from, to, reason) -> {
            int at = ends[from]++;
            targets[at] = sessions || reason != Dependency.SESSION ? to : SKIP;
            reasons[at] = reason;
        });
        this.offset = ends;
        this.target = targets;
        this.why = reasons;
        this.realTime = order == Order.REAL_TIME;
        int[] barriers = new int[0];
        int[] releases = new int[1];
        if (realTime) {
            int[] completions = history.byAcknowledgement();
            barriers = barriers(transactions, completions);
            releases = releases(history, completions, invocations);
        }
        this.barrier = barriers;
        this.release = releases;
        this.byInvocation = invocations;
    }

    private static int[] barriers(int transactions, int[] completions) {
        int[] barriers = new int[transactions];
        Arrays.fill(barriers, -1);
        for (int i = 0; i < completions.length; i++) {
            barriers[completions[i]] = transactions + i;
        }
        return barriers;
    }

    /** A transaction comes after another if it began later than, and not only when, the other was acknowledged. */
    private static int[] releases(AppendHistory history, int[] completions, int[] invocations) {
        int[] releases = new int[completions.length + 1];
        int next = 0;
        for (int i = 0; i < completions.length; i++) {
            long acknowledged = history.completed(completions[i]);
            while (next < invocations.length && history.invoked(invocations[next]) <= acknowledged) {
                next++;
            }
            releases[i] = next;
        }
        releases[completions.length] = invocations.length;
        return releases;
    }

    int transactions() {
        return transactions;
    }

    boolean isBarrier(int node) {
        return node >= transactions;
    }

    @Override
    public int nodes() {
        return transactions + release.length - 1;
    }

    @Override
    public int degree(int node) {
        if (node >= transactions) {
            int at = node - transactions;
            return 1 + release[at + 1] - release[at];
        }
        return offset[node] - begin(node) + (realTime ? 1 : 0);
    }

    @Override
    public int successor(int node, int edge) {
        if (node >= transactions) {
            int at = node - transactions;
            if (edge == 0) {
                return node + 1 < nodes() ? node + 1 : SKIP;
            }
            return byInvocation[release[at] + edge - 1];
        }
        int at = begin(node) + edge;
        return at < offset[node] ? target[at] : barrier[node];
    }

    /** Why an edge is there. */
    byte why(int node, int edge) {
        if (node >= transactions || begin(node) + edge >= offset[node]) {
            return Dependency.REAL_TIME;
        }
        return why[begin(node) + edge];
    }

    private int begin(int node) {
        return node == 0 ? 0 : offset[node - 1];
    }
}
