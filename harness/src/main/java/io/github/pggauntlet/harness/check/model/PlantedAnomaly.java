package io.github.pggauntlet.harness.check.model;

import io.github.pggauntlet.harness.check.append.Kind;
import io.github.pggauntlet.harness.check.append.Order;
import io.github.pggauntlet.harness.history.Outcome;

/**
 * The smallest history that shows an anomaly, to be planted in the midst of a sound one: on keys and with values of its own.
 */
public enum PlantedAnomaly {
    /** Two transactions' appends interleave. */
    G0(Kind.G0, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).append(1, 1, 1).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 2, 1).append(1, 3, 0).end();
        }
    },
    /** A value of a failed transaction is read. */
    G1A(Kind.G1A, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.FAILED).append(0, 0, 0).end();
            bed.begin(1, Outcome.ACKNOWLEDGED).read(0, 0).end();
        }
    },
    /** The first of two appends of one transaction is read without the second. */
    G1B(Kind.G1B, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).append(0, 1, 1).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0, 0).end();
        }
    },
    /** Two transactions each read what the other wrote. */
    G1C(Kind.G1C, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).read(1, 1).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).append(1, 1, 0).read(0, 0).end();
        }
    },
    /** A transaction reads one key before and another after a transaction that wrote both. */
    G_SINGLE(Kind.G_SINGLE, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).append(1, 1, 0).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0).read(1, 1).end();
        }
    },
    /** Two readers see two writes in different orders, as on two standbys, or on the primary and a standby. */
    LONG_FORK(Kind.G_NONADJACENT, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).append(1, 1, 0).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0, 0).read(1).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0).read(1, 1).end();
        }
    },
    /** Two transactions each read what the other is about to write. */
    WRITE_SKEW(Kind.G2_ITEM, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0).append(1, 0, 0).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).read(1).append(0, 1, 0).end();
        }
    },
    /** Two transactions read the same version, and both write. */
    LOST_UPDATE(Kind.LOST_UPDATE, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0).append(0, 0, 0).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0).append(0, 1, 1).end();
        }
    },
    /** A transaction does not find what it appended itself. */
    INTERNAL(Kind.INTERNAL, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).read(0).end();
        }
    },
    /** Two reads disagree about the order. */
    INCOMPATIBLE_ORDER(Kind.INCOMPATIBLE_ORDER, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, -1).end();
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 1, -1).end();
            bed.begin(1, Outcome.ACKNOWLEDGED).read(0, 0, 1).end();
            bed.begin(1, Outcome.ACKNOWLEDGED).read(0, 1, 0).end();
        }
    },
    /** A value is in a list twice. */
    DUPLICATE(Kind.DUPLICATE, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).end();
            bed.begin(1, Outcome.ACKNOWLEDGED).read(0, 0, 0).end();
        }
    },
    /** A value is read that nobody appended. */
    PHANTOM(Kind.PHANTOM, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).read(0, 0).end();
        }
    },
    /** An acknowledged append is gone, nobody has read it, and another one took its place after the failover. */
    LOST_APPEND_OVERWRITTEN(Kind.LOST_APPEND, Order.NONE) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).end();
            bed.begin(1, Outcome.ACKNOWLEDGED).append(0, 1, 0).end();
        }
    },
    /** An acknowledged append is gone, nobody had read it, and nobody writes its key again: only a later read can tell. */
    LOST_APPEND_UNREAD(Kind.G_SINGLE, Order.REAL_TIME) {
        @Override
        void plant(Bed bed) {
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).end();
            bed.begin(1, Outcome.ACKNOWLEDGED).read(0).end();
        }
    },
    /** A session does not read what it wrote, as on a standby that lags behind. */
    OWN_WRITE_UNSEEN(Kind.G_SINGLE, Order.SESSION) {
        @Override
        void plant(Bed bed) {
            bed.session(1);
            bed.begin(0, Outcome.ACKNOWLEDGED).append(0, 0, 0).end();
            bed.session(1);
            bed.begin(1, Outcome.ACKNOWLEDGED).read(0).end();
        }
    };

    private static final int SESSIONS_OF_OTHERS = 1_000_000;

    private final Kind kind;
    private final Order order;

    PlantedAnomaly(Kind kind, Order order) {
        this.kind = kind;
        this.order = order;
    }

    /** What a checker must find. */
    public Kind kind() {
        return kind;
    }

    /** The weakest order with which it is an anomaly. */
    public Order order() {
        return order;
    }

    abstract void plant(Bed bed);

    /**
     * Plants the anomaly.
     *
     * @param sink where to
     * @param firstKey a key that nobody uses, nor the next one
     * @param firstValue a value that nobody uses, nor the next three
     * @param at when, in nanoseconds
     */
    public void plant(TransactionSink sink, int firstKey, int firstValue, long at) {
        plant(new Bed(sink, firstKey, firstValue, at));
    }

    /** Where an anomaly is planted. */
    static final class Bed {

        private static final long LENGTH = 1_000;

        private final TransactionSink sink;
        private final int firstKey;
        private final int firstValue;
        private final long at;
        private int session = SESSIONS_OF_OTHERS;

        Bed(TransactionSink sink, int firstKey, int firstValue, long at) {
            this.sink = sink;
            this.firstKey = firstKey;
            this.firstValue = firstValue;
            this.at = at;
        }

        /** The next transaction is of this session, and not of one of its own. */
        void session(int number) {
            session = SESSIONS_OF_OTHERS - number;
        }

        /** Transactions of the same phase overlap; those of the next begin when those have ended. */
        Bed begin(int phase, Outcome outcome) {
            long invoked = at + 2 * LENGTH * phase;
            sink.begin(session, invoked, invoked + LENGTH, outcome);
            session = Math.max(SESSIONS_OF_OTHERS, session) + 1;
            return this;
        }

        Bed append(int key, int value, int place) {
            sink.append(firstKey + key, firstValue + value, place);
            return this;
        }

        Bed read(int key, int... values) {
            int[] seen = values.clone();
            for (int i = 0; i < seen.length; i++) {
                seen[i] += firstValue;
            }
            sink.read(firstKey + key, seen);
            return this;
        }

        void end() {
            sink.end();
        }
    }
}
