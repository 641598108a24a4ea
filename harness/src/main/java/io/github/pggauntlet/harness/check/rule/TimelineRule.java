package io.github.pggauntlet.harness.check.rule;

import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Is there one promotion in a term, to a timeline of its own, and do the timelines form a path?
 *
 * <p>On a path each timeline's history begins with that of the one before it: the same ancestors, left at the same positions.
 * Two that branch off the same ancestor are a split brain, whatever their numbers. Only neighbours need comparing, since
 * "begins with" is transitive: O(n log n + n · a) for n promotions with a ancestors.
 *
 * <p>Source: PostgreSQL's documentation, "Timelines" in Continuous Archiving and Point-in-Time Recovery.
 */
public final class TimelineRule {

    private static final String ONE_PROMOTION = "one promotion in a term";
    private static final String PATH = "timelines form a path";

    /** The rule. */
    public TimelineRule() {}

    /** The breaches. */
    public List<Breach> check(List<Promotion> promotions) {
        List<Breach> breaches = new ArrayList<>();
        Map<Long, Promotion> byTerm = new HashMap<>();
        Map<Integer, Promotion> byTimeline = new HashMap<>();
        for (Promotion promotion : promotions) {
            Promotion inTerm = byTerm.putIfAbsent(promotion.term(), promotion);
            if (inTerm != null) {
                breaches.add(new Breach(
                        ONE_PROMOTION,
                        "in term " + promotion.term() + " both " + told(inTerm) + " and " + told(promotion)));
            }
            Promotion onTimeline = byTimeline.putIfAbsent(promotion.history().timeline(), promotion);
            if (onTimeline != null) {
                breaches.add(new Breach(
                        ONE_PROMOTION, told(onTimeline) + ", and " + told(promotion) + ": one timeline for two"));
            }
        }
        List<Promotion> sorted = promotions.stream()
                .sorted(Comparator.comparingInt(promotion -> promotion.history().timeline()))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            TimelineHistory before = sorted.get(i - 1).history();
            TimelineHistory after = sorted.get(i).history();
            if (before.timeline() < after.timeline() && !after.continuesFrom(before)) {
                breaches.add(new Breach(
                        PATH,
                        told(sorted.get(i)) + ", which does not continue timeline " + before.timeline() + " of "
                                + sorted.get(i - 1).node()));
            }
        }
        return breaches;
    }

    private static String told(Promotion promotion) {
        return promotion.node() + " was promoted to timeline "
                + promotion.history().timeline() + " at " + Times.seconds(promotion.at());
    }
}
