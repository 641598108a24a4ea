package io.github.pggauntlet.strategy.fence;

/** Proves that a machine is dead, by making it so where it has to. Safe for use by several threads. */
@FunctionalInterface
public interface Fencer {

    /**
     * Proves, within a bounded time, that a member's machine is dead.
     *
     * <p>{@link Proof.Dead} must be the truth, whatever the member would say if it could be heard: whoever asked goes on as if
     * the member had never existed. It holds for the life that the machine was in: somebody may start it again, and what then
     * runs there knows nothing that it does not read from its disk.
     *
     * @param member the member
     * @throws InterruptedException if the calling thread is interrupted; nothing is then known
     */
    Proof proveDead(String member) throws InterruptedException;
}
