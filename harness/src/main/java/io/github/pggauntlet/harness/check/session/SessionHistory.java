package io.github.pggauntlet.harness.check.session;

import java.util.ArrayList;
import java.util.List;

/** What sessions inserted and what they read on which server. Ids are dense numbers from 0 on. Immutable. */
public final class SessionHistory {

    private final List<Insert> inserts;
    private final List<Snapshot> snapshots;

    /** An acknowledged insert. */
    record Insert(int session, int id, long completed) {}

    /** All ids that one read found. */
    static final class Snapshot {

        private final int session;
        private final String node;
        private final int timeline;
        private final long invoked;
        private final long completed;
        private final long[] present;

        Snapshot(int session, String node, int timeline, long invoked, long completed, long[] present) {
            this.session = session;
            this.node = node;
            this.timeline = timeline;
            this.invoked = invoked;
            this.completed = completed;
            this.present = present.clone();
        }

        int session() {
            return session;
        }

        String node() {
            return node;
        }

        int timeline() {
            return timeline;
        }

        long invoked() {
            return invoked;
        }

        long completed() {
            return completed;
        }

        boolean contains(int id) {
            return id / Long.SIZE < present.length && (present[id / Long.SIZE] & (1L << id)) != 0;
        }

        int size() {
            int size = 0;
            for (long word : present) {
                size += Long.bitCount(word);
            }
            return size;
        }

        /** The least id that is here and not there, or -1. */
        int firstNotIn(Snapshot other) {
            for (int word = 0; word < present.length; word++) {
                long more = present[word] & ~(word < other.present.length ? other.present[word] : 0);
                if (more != 0) {
                    return word * Long.SIZE + Long.numberOfTrailingZeros(more);
                }
            }
            return -1;
        }
    }

    private SessionHistory(Builder builder) {
        this.inserts = List.copyOf(builder.inserts);
        this.snapshots = List.copyOf(builder.snapshots);
    }

    /** Begins a history. */
    public static Builder builder() {
        return new Builder();
    }

    List<Insert> inserts() {
        return inserts;
    }

    List<Snapshot> snapshots() {
        return snapshots;
    }

    /** Takes in what sessions did. Not safe for use by several threads. */
    public static final class Builder {

        private final List<Insert> inserts = new ArrayList<>();
        private final List<Snapshot> snapshots = new ArrayList<>();

        private Builder() {}

        /** An acknowledged insert of an id by a session. */
        public Builder insert(int session, int id, long completed) {
            inserts.add(new Insert(session, id, completed));
            return this;
        }

        /**
         * A read of all ids.
         *
         * @param node the server that was read
         * @param timeline the timeline it was on
         * @param present the ids, as a bit set
         */
        public Builder read(int session, String node, int timeline, long invoked, long completed, long[] present) {
            if (completed < invoked) {
                throw new IllegalArgumentException("A read of session " + session + " ends before it begins.");
            }
            snapshots.add(new Snapshot(session, node, timeline, invoked, completed, present));
            return this;
        }

        /** The history. */
        public SessionHistory build() {
            return new SessionHistory(this);
        }
    }
}
