package io.github.pggauntlet.harness.check.model;

import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Order;

/** How a model database behaves, and what it thereby guarantees. */
public enum Behaviour {
    /** One transaction after another, each at one instant between its invocation and its completion. */
    SERIAL(Isolation.SERIALIZABLE, Order.REAL_TIME),
    /** The same, but transactions that only read may see any earlier state, as on a lagging standby. */
    STALE_READS(Isolation.SERIALIZABLE, Order.NONE),
    /** Each transaction reads the snapshot of its beginning; of two that write the same key the first to commit wins. */
    SNAPSHOT(Isolation.SNAPSHOT_ISOLATION, Order.REAL_TIME),
    /** Each statement sees what is committed when it runs; writes wait for each other's transactions. */
    READ_COMMITTED(Isolation.READ_COMMITTED, Order.REAL_TIME),
    /** Every statement takes effect at once and for all, also in a transaction that fails. */
    UNPROTECTED(Isolation.READ_UNCOMMITTED, Order.NONE);

    private final Isolation guaranteed;
    private final Order order;

    Behaviour(Isolation guaranteed, Order order) {
        this.guaranteed = guaranteed;
        this.order = order;
    }

    /** The highest isolation level that holds; {@link #UNPROTECTED} keeps not even the lowest. */
    public Isolation guaranteed() {
        return guaranteed;
    }

    /** The strongest order that holds with it. */
    public Order order() {
        return order;
    }
}
