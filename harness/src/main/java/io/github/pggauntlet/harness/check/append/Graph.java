package io.github.pggauntlet.harness.check.append;

/** A directed graph whose nodes are the numbers from 0 on. */
interface Graph {

    /** What {@link #successor} returns for an edge that is not to be followed. */
    int SKIP = -1;

    int nodes();

    /** The number of edges that leave a node, those to be skipped included. */
    int degree(int node);

    /** Where an edge leads, or {@link #SKIP}. */
    int successor(int node, int edge);
}
