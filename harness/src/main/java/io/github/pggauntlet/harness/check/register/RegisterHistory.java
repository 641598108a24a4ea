package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.check.primitive.ByteList;
import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.check.primitive.LongList;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads and writes of registers, in which every value is written to a register at most once. Immutable, in columns: 29 bytes
 * for an operation. Keys are dense numbers from 0 on, operations are numbered in the order in which they were added.
 */
public final class RegisterHistory {

    /** What an operation is. */
    enum Kind {
        READ(0),
        /** A read that found what was there before anybody wrote. */
        READ_OF_NOTHING(1),
        WRITE(2),
        WRITE_OF_UNKNOWN_OUTCOME(3),
        FAILED_WRITE(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    /** By their codes. */
    private static final Kind[] KINDS = {
        Kind.READ, Kind.READ_OF_NOTHING, Kind.WRITE, Kind.WRITE_OF_UNKNOWN_OUTCOME, Kind.FAILED_WRITE
    };

    private final int[] key;
    private final byte[] kind;
    private final long[] value;
    private final long[] invoked;
    private final long[] completed;
    private final int keys;

    private RegisterHistory(Builder builder) {
        this.key = builder.key.toArray();
        this.kind = builder.kind.toArray();
        this.value = builder.value.toArray();
        this.invoked = builder.invoked.toArray();
        this.completed = builder.completed.toArray();
        this.keys = builder.keys;
    }

    /** Begins a history. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of operations. */
    public int size() {
        return key.length;
    }

    /** The number of registers. */
    public int keys() {
        return keys;
    }

    /**
     * An operation that may have had an effect, or has seen one.
     *
     * @param key the register
     * @param write whether it is a write; otherwise it is a read
     * @param value what was written or read; 0 for a read that found what was there before anybody wrote
     * @param invoked when it began, in nanoseconds
     * @param completed when it had returned; {@link Long#MAX_VALUE} for a write of unknown outcome
     */
    public record Operation(int key, boolean write, long value, long invoked, long completed) {}

    /** All of them in the order in which they were added, but for writes that failed. */
    public Stream<Operation> operations() {
        return IntStream.range(0, size())
                .filter(each -> kind(each) != Kind.FAILED_WRITE)
                .mapToObj(each -> new Operation(
                        key(each),
                        kind(each) == Kind.WRITE || kind(each) == Kind.WRITE_OF_UNKNOWN_OUTCOME,
                        value(each),
                        invoked(each),
                        completed(each)));
    }

    int key(int operation) {
        return key[operation];
    }

    Kind kind(int operation) {
        return KINDS[kind[operation]];
    }

    long value(int operation) {
        return value[operation];
    }

    long invoked(int operation) {
        return invoked[operation];
    }

    /** When it had returned; the end of time for a write of unknown outcome, which may take effect at any time. */
    long completed(int operation) {
        return completed[operation];
    }

    /** Takes in operations. Not safe for use by several threads. */
    public static final class Builder {

        private final IntList key = new IntList();
        private final ByteList kind = new ByteList();
        private final LongList value = new LongList();
        private final LongList invoked = new LongList();
        private final LongList completed = new LongList();
        private int keys;

        private Builder() {}

        /** A write of a value that is never written to the register again. Times are nanoseconds. */
        public Builder write(int itsKey, long itsValue, long itsInvoked, long itsCompleted, Outcome outcome) {
            return switch (outcome) {
                case ACKNOWLEDGED -> add(itsKey, Kind.WRITE, itsValue, itsInvoked, itsCompleted);
                case UNKNOWN -> add(itsKey, Kind.WRITE_OF_UNKNOWN_OUTCOME, itsValue, itsInvoked, Long.MAX_VALUE);
                case FAILED -> add(itsKey, Kind.FAILED_WRITE, itsValue, itsInvoked, itsCompleted);
            };
        }

        /** A read that returned a value. A read that returned nothing proves nothing and is left out of histories. */
        public Builder read(int itsKey, long itsValue, long itsInvoked, long itsCompleted) {
            return add(itsKey, Kind.READ, itsValue, itsInvoked, itsCompleted);
        }

        /** A read that found the register as it was before the first write. */
        public Builder readOfNothing(int itsKey, long itsInvoked, long itsCompleted) {
            return add(itsKey, Kind.READ_OF_NOTHING, 0, itsInvoked, itsCompleted);
        }

        private Builder add(int itsKey, Kind itsKind, long itsValue, long itsInvoked, long itsCompleted) {
            if (itsKey < 0) {
                throw new IllegalArgumentException("Keys are numbers from 0 on, not " + itsKey + ".");
            }
            if (itsCompleted < itsInvoked) {
                throw new IllegalArgumentException("Operation " + key.size() + " ends before it begins.");
            }
            keys = Math.max(keys, itsKey + 1);
            key.add(itsKey);
            kind.add(itsKind.code);
            value.add(itsValue);
            invoked.add(itsInvoked);
            completed.add(itsCompleted);
            return this;
        }

        /** The history. */
        public RegisterHistory build() {
            return new RegisterHistory(this);
        }
    }
}
