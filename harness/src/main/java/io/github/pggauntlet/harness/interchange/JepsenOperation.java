package io.github.pggauntlet.harness.interchange;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of a history as Jepsen writes it: an operation is invoked, and later it is ok, has failed, or nobody knows.
 *
 * @param index the line's number
 * @param time when, in nanoseconds since the test's start
 * @param type what the line says of the operation
 * @param process who
 * @param body what
 */
public record JepsenOperation(long index, long time, LineType type, long process, Body body) {

    /** What a line says of an operation. */
    public enum LineType {
        /** It begins. */
        INVOKE,
        /** It took effect. */
        OK,
        /** It did not take effect. */
        FAIL,
        /** It may have taken effect or not. */
        INFO;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static LineType of(String id) {
            for (LineType type : values()) {
                if (type.id().equals(id)) {
                    return type;
                }
            }
            throw new IllegalArgumentException("an operation is invoke, ok, fail or info, not '" + id + "'.");
        }
    }

    /** What an operation does. */
    public sealed interface Body {}

    /** A transaction over lists: {@code :f :txn}. */
    public record Transaction(List<Micro> steps) implements Body {
        public Transaction {
            steps = List.copyOf(steps);
        }
    }

    /** A read of the one register: {@code :f :read}. No value before it is known, or where there is none. */
    public record RegisterRead(OptionalLong value) implements Body {}

    /** A write of the one register: {@code :f :write}. */
    public record RegisterWrite(long value) implements Body {}

    /** A compare-and-set of the one register: {@code :f :cas}. */
    public record RegisterCompareAndSet(long expected, long value) implements Body {}

    /** A step of a transaction. */
    public sealed interface Micro {
        /** The list. */
        long key();
    }

    /** {@code [:append key value]}. */
    public record Append(long key, long value) implements Micro {}

    /** {@code [:r key list]}; the list is nil before it is known. */
    public record Read(long key, Optional<List<Long>> values) implements Micro {
        public Read {
            values = values.map(List::copyOf);
        }
    }
}
