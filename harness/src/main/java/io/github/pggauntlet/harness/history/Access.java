package io.github.pggauntlet.harness.history;

import java.util.List;
import java.util.OptionalLong;

/** What a transaction did to one thing. Keys are numbers from 0 on. */
public sealed interface Access {

    /** What stands instead of a place or a version that is not known. */
    int UNKNOWN = -1;

    /**
     * A value was appended to a list.
     *
     * @param key the list
     * @param value the value, used once in a run
     * @param place its index in the list, as the database returned it; {@link #UNKNOWN} if it did not
     */
    record Append(int key, int value, int place) implements Access {}

    /**
     * A whole list was read.
     *
     * @param key the list
     * @param values its elements; empty if there is no such list
     */
    record ReadList(int key, List<Integer> values) implements Access {
        public ReadList {
            values = List.copyOf(values);
        }
    }

    /**
     * A register was read.
     *
     * @param key the register
     * @param version how often it had been written
     * @param value what it held; empty if it had never been written
     */
    record Get(int key, int version, OptionalLong value) implements Access {}

    /**
     * A register was written.
     *
     * @param key the register
     * @param value the value, used once in a run
     * @param version the version this made, as the database returned it; {@link #UNKNOWN} if it did not
     * @param expected for a compare-and-set, what had to be there before
     */
    record Put(int key, long value, int version, OptionalLong expected) implements Access {}

    /**
     * All accounts of a bank were read.
     *
     * @param accounts the balances, in the order of the accounts
     */
    record Balances(List<Long> accounts) implements Access {
        public Balances {
            accounts = List.copyOf(accounts);
        }
    }

    /**
     * Money was moved.
     *
     * @param from the account it was taken from
     * @param to the account it was given to
     * @param amount how much
     */
    record Transfer(int from, int to, long amount) implements Access {}

    /**
     * A note was left.
     *
     * @param id its number, used once in a run
     */
    record Note(long id) implements Access {}

    /**
     * All notes were read.
     *
     * @param ids their numbers
     */
    record Notes(KeySet ids) implements Access {}
}
