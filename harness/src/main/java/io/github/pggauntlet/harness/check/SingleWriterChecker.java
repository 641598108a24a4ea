package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Terms.Term;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Do two members ever acknowledge writes at the same time?
 *
 * <p>A member on one timeline is a term. It certainly acknowledged writes from the completion of the first to the invocation
 * of the last acknowledged write of its term. Two writers are proven by
 *
 * <ul>
 *   <li>terms of two members whose certain times overlap,
 *   <li>a write acknowledged on an older timeline that was invoked after one on a newer timeline, of another member, had
 *       been acknowledged,
 *   <li>writes acknowledged on the same timeline by two members: both were promoted to it. (This holds where a failover is a
 *       promotion. Where two machines share one data directory in turn it would need another rule.)
 * </ul>
 *
 * <p>All times are taken by one clock, the harness's. A member nobody wrote to cannot be judged, so without probes of every
 * member the promise is inconclusive at best. O(n + t²) for n writes in t terms, of which a run has a
 * handful.
 *
 * <p>Sources: the harness's rules of judgement; split brains B16 to B19 of the field (a deposed primary that comes back as
 * one, or never learns of it).
 */
public final class SingleWriterChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "single-writer";

    private static final int MOST_EVIDENCE = 20;

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public Result check(RunRecord run) {
        List<Term> terms = Terms.of(run.acknowledged());
        List<Evidence> proofs = new ArrayList<>(overlaps(terms));
        proofs.addAll(sharedTimelines(terms));
        proofs.addAll(outdated(run, terms));
        int writers = Math.max(mostAtOnce(terms), proofs.isEmpty() ? 0 : 2);
        return new Result(finding(run, terms, proofs, writers), Measures.writers(writers));
    }

    private static Finding finding(RunRecord run, List<Term> terms, List<Evidence> proofs, int writers) {
        // A run in which a fault was made that lets two members write may have two writers; which fault brought the
        // second
        // one about is not known.
        int allowed = run.promisesUnderTest().stream()
                .mapToInt(Promise::writers)
                .max()
                .orElse(1);
        List<Evidence> shown = proofs.subList(0, Math.min(proofs.size(), MOST_EVIDENCE));
        if (writers > allowed) {
            return new Finding(
                    PROMISE,
                    Ruling.BROKEN,
                    writers + " members acknowledged writes at the same time; at most " + allowed + " may.",
                    shown);
        }
        if (terms.isEmpty()) {
            return Finding.of(PROMISE, Ruling.VACUOUS, "No write was acknowledged by a known member.");
        }
        if (writers > 1) {
            return new Finding(
                    PROMISE,
                    Ruling.KEPT,
                    writers + " members acknowledged writes at the same time; the strategy does not exclude that.",
                    shown);
        }
        Set<String> unprobed = unprobed(run);
        if (!unprobed.isEmpty()) {
            return Finding.of(
                    PROMISE,
                    Ruling.INCONCLUSIVE,
                    "No second writer was seen, but nobody tried to write directly to " + String.join(", ", unprobed)
                            + ".");
        }
        return Finding.of(
                PROMISE,
                Ruling.KEPT,
                "Never more than one member acknowledged writes, in " + Text.count(terms.size(), "term", "terms")
                        + " and with every member probed directly.");
    }

    private static Set<String> unprobed(RunRecord run) {
        Set<String> probed = run.history().writes().stream()
                .filter(write -> write.kind() == SessionKind.PROBE)
                .map(Write::node)
                .collect(Collectors.toSet());
        Set<String> unprobed = new TreeSet<>(run.members());
        if (unprobed.isEmpty()) {
            run.acknowledged().map(Write::node).forEach(unprobed::add);
        }
        unprobed.removeAll(probed);
        return unprobed;
    }

    /** For each term, the longest earlier one of another member that reaches into it. O(t²). */
    private static List<Evidence> overlaps(List<Term> terms) {
        List<Term> byBeginning = certain(terms);
        List<Evidence> proofs = new ArrayList<>();
        for (int i = 0; i < byBeginning.size(); i++) {
            Term term = byBeginning.get(i);
            byBeginning.subList(0, i).stream()
                    .filter(earlier -> !earlier.node().equals(term.node()))
                    .max(Comparator.comparingLong(Term::certainTo))
                    .filter(earlier -> earlier.certainTo() > term.certainFrom())
                    .ifPresent(earlier -> proofs.add(Evidence.of(
                            earlier + " and " + term + " both acknowledged writes around "
                                    + Text.seconds(term.certainFrom()) + ".",
                            earlier.latest(),
                            term.earliest())));
        }
        return proofs;
    }

    private static List<Evidence> sharedTimelines(List<Term> terms) {
        List<Evidence> proofs = new ArrayList<>();
        for (int i = 1; i < terms.size(); i++) {
            Term one = terms.get(i - 1);
            Term other = terms.get(i);
            if (one.timeline() == other.timeline()) {
                proofs.add(Evidence.of(
                        one.node() + " and " + other.node() + " both acknowledged writes on timeline " + one.timeline()
                                + ".",
                        one.earliest(),
                        other.earliest()));
            }
        }
        return proofs;
    }

    /** The first write of each term that was invoked after another member had acknowledged one on a newer timeline. O(n t). */
    private static List<Evidence> outdated(RunRecord run, List<Term> terms) {
        Map<Term, Term> successors = new LinkedHashMap<>();
        for (Term term : terms) {
            terms.stream()
                    .filter(newer ->
                            newer.timeline() > term.timeline() && !newer.node().equals(term.node()))
                    .min(Comparator.comparingLong(Term::certainFrom))
                    .filter(newer -> term.certainTo() > newer.certainFrom())
                    .ifPresent(newer -> successors.put(term, newer));
        }
        List<Evidence> proofs = new ArrayList<>();
        successors.forEach((term, newer) -> run.acknowledged()
                .filter(write -> write.timeline() == term.timeline()
                        && write.node().equals(term.node())
                        && write.invoked() > newer.certainFrom())
                .min(Comparator.comparingLong(Write::invoked))
                .ifPresent(write -> proofs.add(Evidence.of(
                        term + " acknowledged a write after " + newer + " had acknowledged one.",
                        newer.earliest(),
                        write))));
        return proofs;
    }

    /** Sweeps over the beginnings and ends of the terms and counts members. O(t log t). */
    private static int mostAtOnce(List<Term> terms) {
        record Edge(long at, boolean begins, String node) {}
        List<Edge> edges = new ArrayList<>();
        for (Term term : certain(terms)) {
            edges.add(new Edge(term.certainFrom(), true, term.node()));
            edges.add(new Edge(term.certainTo(), false, term.node()));
        }
        // Ends first: terms that only touch do not overlap.
        edges.sort(Comparator.comparingLong(Edge::at).thenComparing(Edge::begins));
        Map<String, Integer> active = new HashMap<>();
        int most = terms.isEmpty() ? 0 : 1;
        for (Edge edge : edges) {
            active.merge(edge.node(), edge.begins() ? 1 : -1, Integer::sum);
            active.remove(edge.node(), 0);
            most = Math.max(most, active.size());
        }
        return most;
    }

    /** The terms of which any certain time is left, by their beginning. */
    private static List<Term> certain(List<Term> terms) {
        return terms.stream()
                .filter(term -> term.certainFrom() < term.certainTo())
                .sorted(Comparator.comparingLong(Term::certainFrom))
                .toList();
    }
}
