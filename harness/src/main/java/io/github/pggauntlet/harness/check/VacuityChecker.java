package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.harness.history.SessionKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Was anything put to the test at all?
 *
 * <p>Vacuous is a run in which nothing was acknowledged, or no fault was made, or no failover happened, and no member had
 * another one's power cut instead, though a fault was made that leaves no other way, or a fault met no traffic: no client's write
 * was in flight when it was made or while it lasted, and none was acknowledged in the second before. Inconclusive is one whose
 * story was not played to its end, or of which a fault could not be made: it says nothing of the strategy, not even that nothing
 * was put to the test. O(n · f) for n writes and f faults.
 */
public final class VacuityChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "traffic";

    private static final long BEFORE = Duration.ofSeconds(1).toNanos();

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public Result check(RunRecord run) {
        List<Write> acknowledged = run.acknowledged()
                .filter(write -> write.kind() == SessionKind.CLIENT)
                .toList();
        if (acknowledged.isEmpty()) {
            return vacuous("No client's write was acknowledged.", List.of());
        }
        Optional<RunEvent.Cut> cut = run.events(RunEvent.Cut.class).findFirst();
        if (cut.isPresent()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.INCONCLUSIVE,
                    "The story was not played to its end, so not all was put to the test that should have been: "
                            + cut.get().reason()));
        }
        List<Evidence> missing = run.events(RunEvent.FaultNotMade.class)
                .map(fault -> Evidence.of(
                        "The fault " + fault.id() + " (" + fault.kind() + ") was not made: " + fault.reason()))
                .toList();
        if (!missing.isEmpty()) {
            return Result.of(new Finding(
                    PROMISE,
                    Ruling.INCONCLUSIVE,
                    Text.count(missing.size(), "fault", "faults")
                            + " of the story could not be made, or not be seen to be made; the first: "
                            + missing.get(0).what(),
                    missing));
        }
        List<Evidence> idle = new ArrayList<>();
        for (FaultMade fault : run.faults()) {
            if (!metTraffic(fault, run.over(fault), run.history().writes())) {
                idle.add(Evidence.of("The fault " + fault.id() + " (" + fault.kind() + " on " + fault.resolved()
                        + ") at " + Text.seconds(fault.at()) + " met no traffic."));
            }
        }
        if (!idle.isEmpty()) {
            return vacuous(
                    Text.count(idle.size(), "fault was", "faults were") + " not put to the test; the first: "
                            + idle.get(0).what(),
                    idle);
        }
        int failovers = Failover.of(run).size();
        if (run.faults().isEmpty()) {
            return vacuous("No fault was made.", List.of());
        }
        boolean settledByPower = run.events(RunEvent.PowerCut.class).findAny().isPresent();
        if (failovers == 0 && !settledByPower && run.faults().stream().anyMatch(VacuityChecker::needsFailover)) {
            return vacuous("No failover happened: no client's write was acknowledged on a second timeline.", List.of());
        }
        return Result.of(Finding.of(
                PROMISE,
                Ruling.KEPT,
                Text.count(acknowledged.size(), "write was", "writes were") + " acknowledged to clients, "
                        + Text.count(run.faults().size(), "fault", "faults") + " met traffic, "
                        + Text.count(failovers, "failover", "failovers") + " happened."));
    }

    /** Whether a fault of this kind, where it hits a primary, is survived by a failover or not at all. */
    private static boolean needsFailover(FaultMade fault) {
        return switch (fault.faultClass()) {
            case POSTMASTER_CRASH, HOST_CRASH, CLEAN_STOP, HOST_ISOLATED, HOST_FROZEN, SWITCHOVER -> true;
            case AGENT_FROZEN,
                    STANDBY_LOSS,
                    SLOW_LINK,
                    LINK_CUT,
                    PARTITION,
                    ARBITER_LOSS,
                    POSTGRES_FROZEN,
                    DISK,
                    SCARCITY,
                    CLOCK,
                    ADDRESS -> false;
        };
    }

    private static boolean metTraffic(FaultMade fault, long over, List<Write> writes) {
        // What ends something is over at once, whenever it is that somebody gives it back.
        long end = fault.sparing() ? over : fault.made();
        return writes.stream()
                .filter(write -> write.kind() == SessionKind.CLIENT)
                .anyMatch(write -> inFlight(write, fault.at(), end) || acknowledgedBefore(write, fault));
    }

    private static boolean inFlight(Write write, long from, long to) {
        return write.invoked() <= to && write.completed() >= from;
    }

    private static boolean acknowledgedBefore(Write write, FaultMade fault) {
        return write.outcome() == Outcome.ACKNOWLEDGED
                && write.completed() <= fault.at()
                && write.completed() >= fault.at() - BEFORE;
    }

    private static Result vacuous(String sentence, List<Evidence> evidence) {
        return Result.of(new Finding(PROMISE, Ruling.VACUOUS, sentence, evidence));
    }
}
