package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.primitive.IntList;
import java.util.ArrayList;
import java.util.List;

/**
 * The strongly connected components of a graph: two nodes belong to one if each can be reached from the other. A graph has a
 * cycle if and only if it has a component of more than one node (there are no edges from a node to itself here).
 *
 * <p>Tarjan's algorithm in Pearce's form (<a href="https://doi.org/10.1016/j.ipl.2015.08.010">A space-efficient algorithm
 * for finding strongly connected components</a>, 2016), without recursion: O(nodes + edges) time and 12 bytes for a node.
 */
final class Components {

    private static final int NOT_ROOT = 1;
    private static final int NEXT_EDGE = 2;

    private final Graph graph;
    /** 0: not visited. Then, while the node is open, the least visit that can be reached from it. In the end its component. */
    private final int[] index;
    /** The path from the start grows from the front; nodes that wait for their component to be complete from the back. */
    private final int[] stack;
    /** For each node of the path the next edge, and whether the node is known not to be the first of its component. */
    private final int[] cursor;

    private final List<int[]> knots = new ArrayList<>();
    private int path;
    private int waiting;
    private int nextIndex = 1;
    private int nextComponent;

    private Components(Graph graph) {
        this.graph = graph;
        int nodes = graph.nodes();
        this.index = new int[nodes];
        this.stack = new int[nodes];
        this.cursor = new int[nodes];
        this.waiting = nodes;
        this.nextComponent = nodes;
    }

    static Components of(Graph graph) {
        Components components = new Components(graph);
        for (int node = 0; node < components.index.length; node++) {
            if (components.index[node] == 0) {
                components.explore(node);
            }
        }
        return components;
    }

    /** The components of more than one node, each as its nodes. */
    List<int[]> knots() {
        return knots;
    }

    /** Whether two nodes belong to the same component. */
    boolean together(int one, int other) {
        return index[one] == index[other];
    }

    private void explore(int start) {
        open(start);
        while (path > 0) {
            int node = stack[path - 1];
            int edge = cursor[path - 1] >> 1;
            if (edge < graph.degree(node)) {
                cursor[path - 1] += NEXT_EDGE;
                int next = graph.successor(node, edge);
                if (next != Graph.SKIP) {
                    if (index[next] == 0) {
                        open(next);
                    } else {
                        reach(node, next);
                    }
                }
            } else {
                close(node);
            }
        }
    }

    private void open(int node) {
        stack[path] = node;
        cursor[path] = 0;
        path++;
        index[node] = nextIndex++;
    }

    /** The node on top of the path can reach what {@code next} can. Components are numbered above all open visits. */
    private void reach(int node, int next) {
        if (index[next] < index[node]) {
            index[node] = index[next];
            cursor[path - 1] |= NOT_ROOT;
        }
    }

    private void close(int node) {
        path--;
        if ((cursor[path] & NOT_ROOT) == 0) {
            complete(node);
        } else {
            stack[--waiting] = node;
        }
        if (path > 0) {
            reach(stack[path - 1], node);
        }
    }

    private void complete(int first) {
        nextIndex--;
        if (waiting < stack.length && index[stack[waiting]] >= index[first]) {
            IntList members = new IntList();
            members.add(first);
            while (waiting < stack.length && index[stack[waiting]] >= index[first]) {
                int member = stack[waiting++];
                nextIndex--;
                index[member] = nextComponent;
                members.add(member);
            }
            knots.add(members.toArray());
        }
        index[first] = nextComponent--;
    }
}
