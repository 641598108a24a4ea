package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.Witness.Answer;
import io.github.pggauntlet.strategy.drbd.Witness.Seen;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Keeps a machine that does not hear the other one from writing unless the witness lets it: DRBD has writes stand still, and its
 * handler {@code fence-peer} asks here. Without a witness it keeps nobody from anything.
 */
final class Fence {

    /**
     * What DRBD takes for "the other machine's disk is Outdated": it cannot become primary any more, since the witness would
     * not let it. Source: {@code drbd.conf-8.4(5)}, {@code fence-peer}.
     */
    static final int OUTDATED = 4;

    /** The other machine writes. */
    static final int ACTIVE = 6;

    /** Nothing is known, and DRBD must not go on. */
    static final int UNKNOWN = 1;

    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    /** For how long writes have stood still, without a handler at work, before it is this agent's turn to let them go on. */
    private static final long SETTLED = Duration.ofSeconds(2).toNanos();

    private final Optional<Witness> witness;
    private final DrbdResource resource;
    private final LongSupplier nanos;
    private long askedAt;
    private OptionalLong stillSince = OptionalLong.empty();
    private volatile boolean free;

    Fence(Optional<Witness> witness, DrbdResource resource) {
        this(witness, resource, System::nanoTime);
    }

    /** @param nanos what the time between two questions is taken from */
    Fence(Optional<Witness> witness, DrbdResource resource, LongSupplier nanos) {
        this.witness = witness;
        this.resource = resource;
        this.nanos = nanos;
        this.askedAt = nanos.getAsLong() - PAUSE;
        this.free = witness.isEmpty();
    }

    /** What DRBD's handler is told. */
    int answer() throws InterruptedException {
        if (witness.isEmpty()) {
            return UNKNOWN;
        }
        free = false;
        return switch (witness.get().obtain()) {
            case GRANTED -> OUTDATED;
            case TAKEN -> ACTIVE;
            case SILENT -> UNKNOWN;
        };
    }

    /** What is known of the other machine, by a master that is not primary yet. Asks the witness where DRBD does not know. */
    PeerKnowledge beforePromotion(DrbdStatus disk) throws InterruptedException {
        boolean matters = witness.isPresent()
                && disk.role() != Role.PRIMARY
                && !disk.connection().hearsPeer()
                && (disk.disk() == Disk.UP_TO_DATE || disk.disk() == Disk.CONSISTENT);
        return matters && due() && answer() == OUTDATED ? PeerKnowledge.FENCED : PeerKnowledge.UNKNOWN;
    }

    /**
     * Looks after a primary. What DRBD says itself counts, not what has been ordered: while it does not hear the other machine and
     * does not know its disk to be Outdated, DRBD makes writes stand still anew with every change of its state, also right after
     * they were let go on (Linux, {@code drbd_state.c}, {@code sanitize_state}). And its handler is called but once, and may not
     * have had an answer. A handler that has one is left to do its work: see {@link DrbdResource#resume}.
     *
     * @return whether it must go down: the other machine writes, and what this one has not been able to write must never be
     */
    boolean lost(DrbdStatus disk) throws InterruptedException {
        if (witness.isEmpty() || disk.role() != Role.PRIMARY) {
            return false;
        }
        if (disk.connection().hearsPeer()) {
            stillSince = OptionalLong.empty();
            if (!free && DrbdRules.whole(disk) && due()) {
                release(witness.get());
            }
            return false;
        }
        if (!standsStill(disk) || !due()) {
            return false;
        }
        Answer answer = witness.get().obtain();
        if (answer == Answer.GRANTED) {
            resource.resume();
        }
        return answer == Answer.TAKEN;
    }

    /** Whether writes stand still and nobody but this agent is about to let them go on. */
    private boolean standsStill(DrbdStatus disk) throws InterruptedException {
        long now = nanos.getAsLong();
        if (!disk.suspended() || disk.peerDisk() == Disk.OUTDATED || resource.handlerRuns()) {
            stillSince = OptionalLong.empty();
            return false;
        }
        if (stillSince.isEmpty()) {
            stillSince = OptionalLong.of(now);
        }
        return now - stillSince.getAsLong() >= SETTLED;
    }

    /** Looks for the other machine again, where this one was let write alone and DRBD has given up: nothing is discarded. */
    void seek(DrbdStatus disk) throws InterruptedException {
        if (witness.isPresent() && disk.connection() == Connection.STAND_ALONE && due()) {
            resource.connect();
        }
    }

    private void release(Witness of) throws InterruptedException {
        Optional<Seen> seen = of.look();
        if (seen.isEmpty() || !DrbdRules.whole(resource.status())) {
            return;
        }
        of.release(seen.get());
        free = of.look().filter(after -> after.holder().isEmpty()).isPresent();
    }

    /** Whether the other machine could be promoted if this one were lost now. */
    boolean free() {
        return free;
    }

    private boolean due() {
        long now = nanos.getAsLong();
        if (now - askedAt < PAUSE) {
            return false;
        }
        askedAt = now;
        return true;
    }
}
