package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.primitive.IndexSort;
import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.check.primitive.LongIntMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Looks for the smallest cycle of a kind in a knot.
 *
 * <p>From each edge with which such a cycle can begin, a search in breadth leads back to where the edge came from; steps
 * between barriers cost nothing. Edges that lead back in time come first, since every cycle has one. The search ends after a
 * fixed number of steps, whatever it has found by then: a cycle explains, it does not decide.
 */
final class CycleSearch {

    private static final long MOST_STEPS = 400_000;

    /** One has come by an overtaken read. */
    private static final int AFTER_READ = 1;
    /** What makes the kind has been met: a second overtaken read, or two in a row. */
    private static final int MET = 2;

    private static final int STATES = 4;

    private final AppendHistory history;
    private final Knot knot;
    private final Kind kind;
    private final int allowed;
    private final byte begin;
    private long steps = MOST_STEPS;
    private int best = Integer.MAX_VALUE;
    private Optional<int[]> found = Optional.empty();

    private CycleSearch(AppendHistory history, Knot knot, Kind kind, Order order) {
        this.history = history;
        this.knot = knot;
        this.kind = kind;
        this.allowed = allowed(kind, order);
        this.begin = begin(kind);
    }

    /** The smallest cycle that was found, as the knot's edges in order. */
    static Optional<int[]> smallest(AppendHistory history, Knot knot, Kind kind, Order order) {
        CycleSearch search = new CycleSearch(history, knot, kind, order);
        search.run();
        return search.found;
    }

    /** The dependencies that a cycle of a kind may have besides its first. */
    static int allowed(Kind kind, Order order) {
        return switch (kind) {
            case G0 -> Dependency.WRITE_WRITE | Dependency.ofOrder(order);
            case G1C, G_SINGLE -> Dependency.WRITE_WRITE | Dependency.WRITE_READ | Dependency.ofOrder(order);
            default -> Dependency.with(order);
        };
    }

    private static byte begin(Kind kind) {
        return switch (kind) {
            case G0 -> Dependency.WRITE_WRITE;
            case G1C -> Dependency.WRITE_READ;
            default -> Dependency.READ_WRITE;
        };
    }

    private void run() {
        IntList starts = new IntList();
        for (int edge = 0; edge < knot.edges(); edge++) {
            if (knot.why(edge) == begin) {
                starts.add(edge);
            }
        }
        int[] edges = starts.toArray();
        long[] forward = new long[knot.edges()];
        for (int edge : edges) {
            forward[edge] = history.invoked(knot.transaction(knot.target(edge)))
                    - history.completed(knot.transaction(knot.source(edge)));
        }
        IndexSort.sort(edges, forward);
        for (int i = 0; i < edges.length && steps > 0 && best > 2; i++) {
            searchFrom(edges[i]);
        }
    }

    private void searchFrom(int start) {
        int home = knot.source(start);
        int state = kind == Kind.G0 || kind == Kind.G1C ? 0 : AFTER_READ;
        LongIntMap settled = new LongIntMap();
        IntList edgeOf = new IntList();
        IntList before = new IntList();
        Deque<long[]> now = new ArrayDeque<>();
        Deque<long[]> next = new ArrayDeque<>();
        now.add(new long[] {(long) knot.target(start) * STATES + state, start, -1});
        for (int length = 1; length < best && steps > 0 && !now.isEmpty(); length++) {
            while (!now.isEmpty()) {
                long[] visit = now.remove();
                int at = edgeOf.size();
                if (settled.putIfAbsent(visit[0], at) != LongIntMap.NONE) {
                    continue;
                }
                edgeOf.add((int) visit[1]);
                before.add((int) visit[2]);
                int node = (int) (visit[0] / STATES);
                int reached = (int) (visit[0] % STATES);
                if (node == home && accepts(reached)) {
                    take(edgeOf, before, at, length);
                    return;
                }
                // A step from one barrier to the next, or to a transaction, belongs to the step that led to the
                // barrier.
                follow(node, reached, at, knot.isBarrier(node) ? now : next);
            }
            Deque<long[]> spare = now;
            now = next;
            next = spare;
        }
    }

    private void follow(int node, int reached, int at, Deque<long[]> queue) {
        for (int edge = knot.firstEdge(node); edge < knot.endOfEdges(node); edge++) {
            steps--;
            int state = step(reached, knot.why(edge));
            if (state >= 0) {
                queue.add(new long[] {(long) knot.target(edge) * STATES + state, edge, at});
            }
        }
    }

    /** The state after an edge, or a negative number where the edge does not fit the kind. */
    private int step(int state, byte why) {
        if ((why & allowed) == 0) {
            return -1;
        }
        if (why != Dependency.READ_WRITE) {
            return state & MET;
        }
        boolean inARow = (state & AFTER_READ) != 0;
        if (kind == Kind.G_NONADJACENT) {
            return inARow ? -1 : AFTER_READ | MET;
        }
        return inARow ? AFTER_READ | MET : AFTER_READ | (state & MET);
    }

    private boolean accepts(int state) {
        return switch (kind) {
            case G0, G1C, G_SINGLE -> true;
            case G_NONADJACENT -> state == MET;
            default -> state != 0;
        };
    }

    private void take(IntList edgeOf, IntList before, int end, int length) {
        IntList reversed = new IntList();
        for (int at = end; at >= 0; at = before.get(at)) {
            reversed.add(edgeOf.get(at));
        }
        int[] cycle = new int[reversed.size()];
        for (int i = 0; i < cycle.length; i++) {
            cycle[i] = reversed.get(cycle.length - 1 - i);
        }
        if (isSimple(cycle)) {
            best = length;
            found = Optional.of(cycle);
        }
    }

    /** A walk that passes a transaction twice is two cycles, each of another kind perhaps. */
    private boolean isSimple(int[] cycle) {
        LongIntMap met = new LongIntMap();
        for (int edge : cycle) {
            if (met.putIfAbsent(knot.target(edge), 0) != LongIntMap.NONE) {
                return false;
            }
        }
        return true;
    }
}
