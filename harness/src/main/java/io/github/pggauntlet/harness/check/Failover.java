package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Terms.Term;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.harness.history.SessionKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Clients' acknowledged writes moved from one timeline to a later one.
 *
 * @param from the last term on the old timeline
 * @param to the first term on the new one
 * @param cause the fault that is likely to have caused it
 */
record Failover(Term from, Term to, Optional<FaultMade> cause) {

    /** The failovers of a run, in order. O(n) in the number of writes. */
    static List<Failover> of(RunRecord run) {
        List<Term> terms = Terms.of(run.acknowledged().filter(write -> write.kind() == SessionKind.CLIENT));
        List<Failover> failovers = new ArrayList<>();
        for (int i = 1; i < terms.size(); i++) {
            Term from = terms.get(i - 1);
            Term to = terms.get(i);
            if (from.timeline() < to.timeline()) {
                failovers.add(new Failover(from, to, cause(run, from, to.certainFrom())));
            }
        }
        return List.copyOf(failovers);
    }

    /**
     * The fault that is likely to have ended a term: the last one made while it lasted and before {@code until}, and rather
     * one that hit its primary than one that hit another member.
     */
    static Optional<FaultMade> cause(RunRecord run, Term term, long until) {
        List<FaultMade> candidates = run.allFaults()
                .filter(fault -> fault.made() >= term.certainFrom() && fault.at() <= until)
                .toList();
        Comparator<FaultMade> likely = Comparator.comparing(
                        (FaultMade fault) -> fault.resolved().equals(term.node()))
                .thenComparingLong(FaultMade::at);
        return candidates.stream().max(likely);
    }
}
