package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Terms.Term;
import io.github.pggauntlet.harness.check.rule.Breach;
import io.github.pggauntlet.harness.check.rule.Promotion;
import io.github.pggauntlet.harness.check.rule.TimelineRule;
import io.github.pggauntlet.harness.history.RunEvent.DiskSample;
import io.github.pggauntlet.harness.history.RunEvent.HistoryRead;
import io.github.pggauntlet.harness.history.RunEvent.Journal;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Has everybody who acknowledged writes done so on one path of timelines, the one on which the cluster goes on?
 *
 * <p>A promotion leaves its timeline at a position and begins a new one there. Broken is the promise where, although neither loss
 * nor a second writer is promised to be possible for any fault that was made,
 *
 * <ul>
 *   <li>two members acknowledged writes on one timeline, or one member did so on the timeline that another one leads in the end;
 *   <li>a timeline on which writes were acknowledged is no ancestor of the one on which the cluster ended: it was left aside;
 *   <li>it bears an ancestor's number, and somebody's history of it says that it is another one.
 * </ul>
 *
 * <p>Where a loss is allowed, a timeline that was left aside is told and held against nobody. Where the members share one disk
 * there is one data directory, and nothing to compare. O(n + t log t) for n writes and t timelines.
 *
 * <p>Source: PostgreSQL's documentation, "Timelines" in Continuous Archiving and Point-in-Time Recovery.
 */
public final class TimelineChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "timelines";

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(HistoryRead.class).findAny().isPresent()
                && run.events(DiskSample.class).findAny().isEmpty();
    }

    @Override
    public Result check(RunRecord run) {
        Optional<HistoryRead> end = run.events(HistoryRead.class)
                .filter(HistoryRead::leads)
                .max(Comparator.comparingInt(read -> read.history().timeline()));
        if (end.isEmpty()) {
            return Result.of(
                    Finding.of(
                            PROMISE,
                            Ruling.INCONCLUSIVE,
                            "Nobody was primary when the story was over, so there is no timeline on which the cluster goes on."));
        }
        List<Term> terms = Terms.of(run.acknowledged());
        List<Evidence> wrong = breaches(run, terms, end.get()).stream()
                .distinct()
                .map(Evidence::of)
                .toList();
        if (wrong.isEmpty()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.KEPT,
                    "Writes were acknowledged in " + Text.count(terms.size(), "term", "terms")
                            + ", whose timelines form one path to timeline "
                            + end.get().history().timeline() + " of "
                            + end.get().member() + "."));
        }
        boolean expected =
                run.promisedThroughout(promise -> promise.loss() instanceof LossBound.None && promise.writers() == 1);
        return Result.of(Observations.finding(PROMISE, expected, "A loss was allowed here.", wrong, "observations"));
    }

    private static List<String> breaches(RunRecord run, List<Term> terms, HistoryRead end) {
        List<String> sentences = new ArrayList<>();
        List<Promotion> promotions = new ArrayList<>();
        // What counts terms is the strategy's own affair: here each promotion is one by itself.
        promotions.add(new Promotion(
                0,
                end.member(),
                end.history(),
                promotedAt(run, end.member(), end.history().timeline(), end.at())));
        for (Term term : terms) {
            if (!end.history().contains(term.timeline())) {
                sentences.add(told(term) + ", which is no ancestor of timeline "
                        + end.history().timeline() + ", on which the cluster ended with " + end.member() + ".");
                continue;
            }
            if (term.timeline() != end.history().timeline() || !term.node().equals(end.member())) {
                promotions.add(new Promotion(
                        promotions.size(),
                        term.node(),
                        history(run, term, end.history()),
                        promotedAt(run, term.node(), term.timeline(), term.certainFrom())));
            }
            run.events(HistoryRead.class)
                    .filter(read -> read.history().timeline() == term.timeline())
                    .filter(read -> !end.history().continuesFrom(read.history()))
                    .forEach(read -> sentences.add(told(term) + ", and what " + read.member()
                            + " has of that timeline's"
                            + " history is not what timeline " + end.history().timeline() + " of " + end.member()
                            + " has."));
        }
        new TimelineRule()
                .check(promotions).stream()
                        .map(Breach::sentence)
                        .map(Text::sentence)
                        .forEach(sentences::add);
        return sentences;
    }

    private static String told(Term term) {
        return term.node() + " acknowledged writes on timeline " + term.timeline() + " from "
                + Text.seconds(term.certainFrom()) + " on";
    }

    /** When the member says that it was promoted; if it does not say so, when it was first known to lead. */
    private static long promotedAt(RunRecord run, String member, int timeline, long otherwise) {
        return run.events(Journal.class)
                .filter(journal -> journal.entry().member().equals(member))
                .filter(journal -> journal.entry().milestone() == Milestone.PROMOTED)
                .filter(journal -> Integer.toString(timeline)
                        .equals(journal.entry().details().get("timeline")))
                .mapToLong(Journal::at)
                .min()
                .orElse(otherwise);
    }

    /** What the member itself has of its timeline, or anybody, or what the last timeline says of its ancestors. */
    private static TimelineHistory history(RunRecord run, Term term, TimelineHistory end) {
        return run.events(HistoryRead.class)
                .filter(read -> read.history().timeline() == term.timeline())
                .min(Comparator.comparing(read -> !read.member().equals(term.node())))
                .map(HistoryRead::history)
                .orElseGet(() -> new TimelineHistory(
                        term.timeline(),
                        end.switches().stream()
                                .filter(each -> each.timeline() < term.timeline())
                                .toList()));
    }
}
