package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.primitive.ByteList;
import io.github.pggauntlet.harness.check.primitive.IntList;
import java.util.Arrays;

/**
 * Transactions that depend on each other in a circle, with the barriers between them: one strongly connected component as a
 * graph of its own. Nodes are numbered anew from 0 on.
 */
final class Knot {

    private final DependencyGraph whole;
    private final int[] members;
    private final int[] offset;
    private final int[] target;
    private final byte[] why;

    /**
     * @param whole the graph
     * @param members the component's nodes
     * @param number room for the number of each of the graph's nodes, all -1; left so again
     */
    Knot(DependencyGraph whole, int[] members, int[] number) {
        this.whole = whole;
        this.members = members;
        for (int i = 0; i < members.length; i++) {
            number[members[i]] = i;
        }
        this.offset = new int[members.length + 1];
        IntList targets = new IntList();
        ByteList reasons = new ByteList();
        for (int i = 0; i < members.length; i++) {
            int node = members[i];
            for (int edge = 0; edge < whole.degree(node); edge++) {
                int next = whole.successor(node, edge);
                if (next != Graph.SKIP && number[next] >= 0) {
                    targets.add(number[next]);
                    reasons.add(whole.why(node, edge));
                }
            }
            offset[i + 1] = targets.size();
        }
        this.target = targets.toArray();
        this.why = reasons.toArray();
        for (int member : members) {
            number[member] = -1;
        }
    }

    int nodes() {
        return members.length;
    }

    boolean isBarrier(int node) {
        return whole.isBarrier(members[node]);
    }

    /** The transaction that a node is. */
    int transaction(int node) {
        return members[node];
    }

    int firstEdge(int node) {
        return offset[node];
    }

    int endOfEdges(int node) {
        return offset[node + 1];
    }

    int target(int edge) {
        return target[edge];
    }

    byte why(int edge) {
        return why[edge];
    }

    int edges() {
        return target.length;
    }

    /** The node an edge leaves. O(log n). */
    int source(int edge) {
        int found = Arrays.binarySearch(offset, edge);
        int at = found >= 0 ? found : -found - 2;
        while (offset[at + 1] <= edge) {
            at++;
        }
        return at;
    }

    /** The knot with some kinds of dependencies only. */
    Graph only(int kinds) {
        return new Graph() {
            @Override
            public int nodes() {
                return members.length;
            }

            @Override
            public int degree(int node) {
                return offset[node + 1] - offset[node];
            }

            @Override
            public int successor(int node, int edge) {
                int at = offset[node] + edge;
                return (why[at] & kinds) == 0 ? SKIP : target[at];
            }
        };
    }

    /**
     * The knot in which no two reads that were overtaken follow one another, as a graph of twice the nodes: in the upper half
     * one has come by an overtaken read, and only other edges lead on.
     *
     * <p>A history is possible under snapshot isolation if and only if every cycle has two overtaken reads in a row (Cerone,
     * Gotsman, <a href="https://doi.org/10.1145/3152396">Analysing Snapshot Isolation</a>, 2018, theorem 9), that is, if this
     * graph has no cycle.
     */
    Graph doubled(int kinds) {
        int half = members.length;
        return new Graph() {
            @Override
            public int nodes() {
                return 2 * half;
            }

            @Override
            public int degree(int node) {
                int plain = node < half ? node : node - half;
                return offset[plain + 1] - offset[plain];
            }

            @Override
            public int successor(int node, int edge) {
                boolean afterRead = node >= half;
                int at = offset[afterRead ? node - half : node] + edge;
                byte reason = why[at];
                if ((reason & kinds) == 0) {
                    return SKIP;
                }
                if (reason == Dependency.READ_WRITE) {
                    return afterRead ? SKIP : half + target[at];
                }
                return target[at];
            }
        };
    }
}
