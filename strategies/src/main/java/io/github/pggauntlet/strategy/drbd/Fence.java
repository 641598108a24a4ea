package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.Witness.Answer;
import io.github.pggauntlet.strategy.drbd.Witness.Seen;
import java.time.Duration;
import java.util.Optional;

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

    private final Optional<Witness> witness;
    private final DrbdResource resource;
    private long askedAt = System.nanoTime() - PAUSE;
    private boolean resumed;
    private volatile boolean free;

    Fence(Optional<Witness> witness, DrbdResource resource) {
        this.witness = witness;
        this.resource = resource;
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
     * Looks after a primary.
     *
     * @return whether it must go down: the other machine writes, and what this one has not been able to write must never be
     */
    boolean lost(DrbdStatus disk) throws InterruptedException {
        if (witness.isEmpty() || disk.role() != Role.PRIMARY) {
            return false;
        }
        if (disk.connection().hearsPeer()) {
            resumed = false;
            if (!free && DrbdRules.whole(disk) && due()) {
                release(witness.get());
            }
            return false;
        }
        boolean still = disk.peerDisk() != Disk.OUTDATED && !resumed;
        if (!still || !due()) {
            return false;
        }
        Answer answer = witness.get().obtain();
        if (answer == Answer.GRANTED) {
            resource.resume();
            resumed = true;
        }
        return answer == Answer.TAKEN;
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
        long now = System.nanoTime();
        if (now - askedAt < PAUSE) {
            return false;
        }
        askedAt = now;
        return true;
    }
}
