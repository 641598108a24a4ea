package io.github.pggauntlet.harness.check;

/**
 * Holds the record of a run against one promise.
 *
 * <p>Sound before complete: a checker says that a promise is {@linkplain Ruling#BROKEN broken} only if no run of a strategy
 * that keeps it can leave such a record. Implementations are immutable and pure.
 */
public interface Checker {

    /** The promise's name, as it appears in the verdict. */
    String promise();

    /** Whether the record is one about which there is anything to say; if not, the promise does not appear in the verdict. */
    default boolean concerns(RunRecord run) {
        return true;
    }

    /** What the record says about the promise. */
    Result check(RunRecord run);

    /**
     * What a checker has found.
     *
     * @param finding its finding
     * @param measures what it has measured on the way
     */
    record Result(Finding finding, Measures measures) {

        /** A finding, and nothing measured. */
        public static Result of(Finding finding) {
            return new Result(finding, Measures.NONE);
        }
    }
}
