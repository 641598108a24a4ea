package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.RunEvent.SlotSeen;
import io.github.pggauntlet.strategy.FaultClass;
import java.util.List;
import java.util.Set;

/**
 * Does every replication slot follow, so that it keeps what somebody may need and nothing else?
 *
 * <p>A slot that stands still fills the disk of the member that has it, be it a standby; one that was overrun keeps nothing of what
 * its standby will ask for. Broken is the promise where, with the cluster whole and nobody writing, a slot has lost WAL or is
 * about to, or keeps more than a recovery of that very member would begin with, which the member keeps for itself anyway. Where a disk was broken, what was
 * seen is told and held against nobody. O(n) for n slots.
 *
 * <p>Source: PostgreSQL's documentation of {@code pg_replication_slots}, column {@code wal_status}.
 */
public final class SlotChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "slots";

    private static final Set<String> OVERRUN = Set.of("unreserved", "lost");

    /** What servers write of themselves while they are looked at, and more. */
    private static final long LEEWAY = 1L << 20;

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(SlotSeen.class).findAny().isPresent();
    }

    /** Whether a slot keeps what it should and no more. */
    public static boolean follows(SlotSeen slot) {
        return !OVERRUN.contains(slot.status()) && slot.kept() <= slot.sinceCheckpoint() + LEEWAY;
    }

    @Override
    public Result check(RunRecord run) {
        List<SlotSeen> slots = run.events(SlotSeen.class).toList();
        List<Evidence> wrong = slots.stream()
                .filter(slot -> !follows(slot))
                .map(slot -> Evidence.of("The slot " + slot.slot() + " on " + slot.member() + " keeps " + slot.kept()
                        + " bytes of WAL where a recovery would begin with " + slot.sinceCheckpoint()
                        + ", and PostgreSQL says of it: " + (slot.status().isEmpty() ? "nothing" : slot.status())
                        + "."))
                .toList();
        long most = slots.stream().mapToLong(SlotSeen::kept).max().orElse(0);
        if (wrong.isEmpty()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.KEPT,
                    Text.count(slots.size(), "slot follows", "slots follow")
                            + "; the one that is farthest behind keeps " + most + " bytes of WAL."));
        }
        boolean expected = run.promisedThroughout(promise -> promise.writers() == 1)
                && run.allFaults().noneMatch(fault -> fault.faultClass() == FaultClass.DISK);
        return Result.of(Observations.finding(
                PROMISE, expected, "This is held against nobody, for what was broken here.", wrong, "slots"));
    }
}
