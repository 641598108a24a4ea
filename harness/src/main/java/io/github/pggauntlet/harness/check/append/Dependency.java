package io.github.pggauntlet.harness.check.append;

/** Why one transaction must come before another, as bits, so that a set of them is a number. */
final class Dependency {

    /** The second wrote the version after the first one's. */
    static final byte WRITE_WRITE = 1;
    /** The second read what the first wrote. */
    static final byte WRITE_READ = 2;
    /** The second wrote the version after the one the first read. */
    static final byte READ_WRITE = 4;
    /** The same session ran the first before the second. */
    static final byte SESSION = 8;
    /** The first was acknowledged before the second began. */
    static final byte REAL_TIME = 16;

    static final int OF_DATA = WRITE_WRITE | WRITE_READ | READ_WRITE;

    private Dependency() {}

    /** The dependencies of data and those of an order. */
    static int with(Order order) {
        return OF_DATA | ofOrder(order);
    }

    static int ofOrder(Order order) {
        return switch (order) {
            case NONE -> 0;
            case SESSION -> SESSION;
            case REAL_TIME -> SESSION | REAL_TIME;
        };
    }
}
