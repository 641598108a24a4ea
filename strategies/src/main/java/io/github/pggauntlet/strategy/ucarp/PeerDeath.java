package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.fence.Fencer;
import io.github.pggauntlet.strategy.fence.Proof;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the other machine is dead, and when to have it proven.
 *
 * <p>After a cut link both machines want to go on without the other, and shoot. So that they do not shoot each other, the
 * holder of the lease shoots as soon as it has to, and the challenger only when it has heard nothing for a head start. Where both
 * shots go off all the same, both machines go down, and neither may be promoted before it has heard the other: writes stop, and
 * nothing is lost.
 *
 * <p>A proof holds for the life that the other machine was in, so any word from it voids the proof. What did not work is tried
 * again after a pause. Safe for use by several threads.
 */
final class PeerDeath {

    private static final Logger LOG = LoggerFactory.getLogger(PeerDeath.class);

    /** How long after an attempt that proved nothing the next one is made. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    /** How long a proof may wait to be used. */
    static final Duration FRESH = Duration.ofSeconds(10);

    /** What is to be done now. */
    enum Step {
        /** Nothing yet. */
        WAIT,
        /** Have it proven. */
        SHOOT,
        /** It has been proven. */
        GO_ON
    }

    /**
     * What a decision is made from.
     *
     * @param silence for how long the other machine has been silent; empty if it was heard last time
     * @param needed for how long it must have been
     * @param sinceProof how old the last proof is, if nothing was heard since
     * @param sinceFailure how long ago an attempt proved nothing, if the last one did not
     */
    record View(
            Optional<Duration> silence,
            Duration needed,
            Optional<Duration> sinceProof,
            Optional<Duration> sinceFailure) {}

    private final Fencer fencer;
    private final String other;
    private final Duration headStart;
    private final LongSupplier nanos;

    private @Nullable Long silentSince;
    private @Nullable Long provenAt;
    private @Nullable Long failedAt;
    private long words;

    /**
     * @param fencer proves the death
     * @param other the other machine's name
     * @param headStart for how long a challenger must have heard nothing
     * @param nanos the time
     */
    PeerDeath(Fencer fencer, String other, Duration headStart, LongSupplier nanos) {
        this.fencer = fencer;
        this.other = other;
        this.headStart = headStart;
        this.nanos = nanos;
    }

    static Step decide(View view) {
        if (view.sinceProof().filter(age -> age.compareTo(FRESH) <= 0).isPresent()) {
            return Step.GO_ON;
        }
        boolean paused =
                view.sinceFailure().filter(age -> age.compareTo(PAUSE) < 0).isPresent();
        boolean silent = view.silence()
                .filter(time -> time.compareTo(view.needed()) >= 0)
                .isPresent();
        return silent && !paused ? Step.SHOOT : Step.WAIT;
    }

    /** The other machine has said something of its own: it lives, whatever was proven of an earlier life. */
    synchronized void heard() {
        words++;
        provenAt = null;
    }

    /** It has answered: it is not silent. */
    synchronized void answered() {
        heard();
        silentSince = null;
    }

    /** It was asked and has not answered. */
    synchronized void unanswered() {
        if (silentSince == null) {
            silentSince = nanos.getAsLong();
        }
    }

    /** For how long it has not answered. */
    synchronized Duration silence() {
        return since(silentSince).orElse(Duration.ZERO);
    }

    private synchronized Optional<Duration> since(@Nullable Long then) {
        return Optional.ofNullable(then).map(at -> Duration.ofNanos(nanos.getAsLong() - at));
    }

    private synchronized View view(Duration needed) {
        return new View(since(silentSince), needed, since(provenAt), since(failedAt));
    }

    /**
     * Whether it is proven dead to whoever holds the lease, and may go on without it. May take as long as a shot does.
     *
     * @param patience for how long the other machine must have been silent
     * @throws InterruptedException if the calling thread is interrupted
     */
    boolean provenToHolder(Duration patience) throws InterruptedException {
        synchronized (this) {
            // A word to the other machine may have reached it since, with the answer lost.
            provenAt = null;
        }
        return proven(patience);
    }

    /**
     * Whether it is proven dead to whoever wants the lease. May take as long as a shot does; the proof lasts for a while.
     *
     * @throws InterruptedException if the calling thread is interrupted
     */
    boolean provenToChallenger() throws InterruptedException {
        return proven(headStart);
    }

    private boolean proven(Duration needed) throws InterruptedException {
        return switch (decide(view(needed))) {
            case WAIT -> false;
            case GO_ON -> true;
            case SHOOT -> shoot();
        };
    }

    private boolean shoot() throws InterruptedException {
        long before;
        synchronized (this) {
            before = words;
        }
        Proof proof = fencer.proveDead(other);
        synchronized (this) {
            if (proof instanceof Proof.NotProven open) {
                failedAt = nanos.getAsLong();
                LOG.warn("{} is silent, but not proven dead: {}", other, open.why());
                return false;
            }
            failedAt = null;
            if (words != before) {
                LOG.info("{} was heard while its death was being proven; it is asked again.", other);
                return false;
            }
            provenAt = nanos.getAsLong();
            LOG.warn("{} is dead: {}", other, ((Proof.Dead) proof).evidence());
            return true;
        }
    }
}
