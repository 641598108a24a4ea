package io.github.pggauntlet.strategy.fence;

/** What came of an attempt to prove that a machine is dead. */
public sealed interface Proof {

    /**
     * The machine is dead: nothing runs on it, and nothing will until it is started again.
     *
     * @param evidence how that is known, for people
     */
    record Dead(String evidence) implements Proof {}

    /**
     * It may be alive.
     *
     * @param why why it is not proven, for people
     */
    record NotProven(String why) implements Proof {}
}
