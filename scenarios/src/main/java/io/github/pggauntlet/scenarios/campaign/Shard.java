package io.github.pggauntlet.scenarios.campaign;

/**
 * The part of a campaign that one process does.
 *
 * @param index which part, from 0
 * @param of how many parts there are
 */
public record Shard(int index, int of) {

    /** All of it. */
    public static final Shard WHOLE = new Shard(0, 1);

    private static final int MOST = 1000;

    public Shard {
        if (of < 1 || of > MOST || index < 0 || index >= of) {
            throw new IllegalArgumentException("A shard is a number from 0 and how many there are, such as 0/4; '"
                    + index + "/" + of + "' is none.");
        }
    }

    /**
     * Reads for example {@code 0/4}.
     *
     * @throws IllegalArgumentException if it is no shard
     */
    public static Shard of(String text) {
        if (!text.matches("\\d{1,4}/\\d{1,4}")) {
            throw new IllegalArgumentException(
                    "A shard is a number from 0 and how many there are, such as 0/4; '" + text + "' is none.");
        }
        int slash = text.indexOf('/');
        return new Shard(Integer.parseInt(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Whether a run belongs to it. */
    boolean has(int run) {
        return run % of == index;
    }
}
