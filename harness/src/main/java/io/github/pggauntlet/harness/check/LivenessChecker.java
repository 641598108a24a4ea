package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.RunEvent.Mended;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.util.Optional;

/**
 * Was the cluster whole again, in time, after all that was broken had been healed?
 *
 * <p>Safety is asked of a strategy at any time; liveness only where nothing is broken any more. Broken is the promise where the
 * cluster was not whole within the time it was given after the last heal, although for every fault that was made it is promised
 * that the members return without an operator. Where that is not promised, what was seen is told and held against nobody. O(n)
 * for n events.
 */
public final class LivenessChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "liveness";

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(Mended.class).findAny().isPresent();
    }

    @Override
    public Result check(RunRecord run) {
        Optional<Mended> late =
                run.events(Mended.class).filter(mended -> !mended.whole()).findFirst();
        if (late.isEmpty()) {
            long longest = run.events(Mended.class)
                    .mapToLong(mended -> mended.at() - mended.since())
                    .max()
                    .orElse(0);
            return Result.of(Finding.of(
                    PROMISE, Ruling.KEPT, "The cluster was whole " + Text.seconds(longest) + " after the last heal."));
        }
        boolean expected = run.promisedThroughout(Promise::rejoin);
        String sentence =
                "The cluster was not whole within " + Text.seconds(late.get().limit()) + " after the last heal, at "
                        + Text.seconds(late.get().since()) + ". " + late.get().said();
        return Result.of(Finding.of(
                PROMISE,
                expected ? Ruling.BROKEN : Ruling.KEPT,
                expected ? sentence : "No return was promised for what was broken here. " + sentence));
    }
}
