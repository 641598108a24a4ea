package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads and updates of rows that count their versions: version 0 is before the first update, and each update adds one and
 * returns the version it made. Values are unique for a key.
 */
public final class VersionHistory {

    private final List<Entry> entries;
    private final int keys;

    /** What was done to a row. */
    sealed interface Entry {
        int key();

        long invoked();

        long completed();
    }

    record Read(int key, int version, OptionalLong value, long invoked, long completed) implements Entry {}

    record Update(
            int key,
            OptionalInt version,
            long value,
            OptionalLong expected,
            long invoked,
            long completed,
            Outcome outcome)
            implements Entry {}

    private VersionHistory(List<Entry> entries, int keys) {
        this.entries = List.copyOf(entries);
        this.keys = keys;
    }

    /** Begins a history. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of operations. */
    public int size() {
        return entries.size();
    }

    int keys() {
        return keys;
    }

    Entry entry(int at) {
        return entries.get(at);
    }

    /** Takes in operations. Not safe for use by several threads. */
    public static final class Builder {

        private final List<Entry> entries = new ArrayList<>();
        private int keys;

        private Builder() {}

        /** A read, and the version and value it found; no value means version 0. Also a compare-and-set that did not fit. */
        public Builder read(int key, int version, OptionalLong value, long invoked, long completed) {
            if (version < 0 || value.isPresent() != (version > 0)) {
                throw new IllegalArgumentException("Versions count from 1 where there is a value, and only there.");
            }
            return add(new Read(key, version, value, invoked, completed));
        }

        /**
         * An update.
         *
         * @param version the version it made; believed of an acknowledged one only, which must have one
         * @param expected for a compare-and-set, the value that had to be there before
         */
        public Builder update(
                int key,
                OptionalInt version,
                long value,
                OptionalLong expected,
                long invoked,
                long completed,
                Outcome outcome) {
            boolean acknowledged = outcome == Outcome.ACKNOWLEDGED;
            if (acknowledged && (version.isEmpty() || version.getAsInt() < 1)) {
                throw new IllegalArgumentException("An acknowledged update tells the version it made, from 1 on.");
            }
            return add(new Update(
                    key,
                    acknowledged ? version : OptionalInt.empty(),
                    value,
                    expected,
                    invoked,
                    outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : completed,
                    outcome));
        }

        private Builder add(Entry entry) {
            if (entry.key() < 0) {
                throw new IllegalArgumentException("Keys are numbers from 0 on, not " + entry.key() + ".");
            }
            if (entry.completed() < entry.invoked()) {
                throw new IllegalArgumentException("Operation " + entries.size() + " ends before it begins.");
            }
            keys = Math.max(keys, entry.key() + 1);
            entries.add(entry);
            return this;
        }

        /** The history. */
        public VersionHistory build() {
            return new VersionHistory(entries, keys);
        }
    }
}
