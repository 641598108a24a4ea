package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Evidence;
import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.reports.ReportModel.Fault;
import io.github.pggauntlet.reports.ReportModel.JournalLine;
import io.github.pggauntlet.reports.ReportModel.LostWrite;
import io.github.pggauntlet.reports.ReportModel.Rejoin;
import io.github.pggauntlet.reports.ReportModel.Timeline;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The texts that the template asks for by name, unescaped: escaping is the template's business. It is as long as the template has
 * names.
 *
 * @param title the page's title
 * @param ruling the ruling's name, for style
 * @param mark the ruling's mark
 * @param word the ruling in one word
 * @param meaning the ruling in one sentence
 * @param subject what was run, in one line
 * @param when when it was run, and how long
 * @param notices what to know of the record
 * @param figures the key figures
 * @param promises the promises
 * @param outages the outages
 * @param parts the parts of an outage, in order
 * @param rejoins the rejoins
 * @param timelines the timelines
 * @param lost the lost writes listed
 * @param lostSentence how many there are
 * @param faults the faults
 * @param journal the journal's lines
 * @param journalMembers the members with a journal
 * @param journalSentence how many lines there are
 * @param facts what was run, by name
 * @param versions versions, by name
 * @param check the command that judges the folder again
 * @param again the command that runs the plan again
 * @param plan the whole plan
 */
record Page(
        String title,
        String ruling,
        String mark,
        String word,
        String meaning,
        String subject,
        String when,
        List<String> notices,
        List<Figure> figures,
        List<PromiseRow> promises,
        List<OutageRow> outages,
        List<Named> parts,
        List<RejoinRow> rejoins,
        List<TimelineRow> timelines,
        List<WriteRow> lost,
        String lostSentence,
        List<FaultRow> faults,
        List<JournalRow> journal,
        List<String> journalMembers,
        String journalSentence,
        List<Named> facts,
        List<Named> versions,
        String check,
        String again,
        String plan) {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Evidence beyond this many writes is counted: the whole of it is in verdict.json. */
    private static final int MOST_OPERATIONS = 50;

    /** So many pieces of evidence are shown at once. */
    private static final int MOST_PROOFS = 3;

    record Figure(String value, String name, String note, boolean alarm) {}

    record Named(String name, String value) {}

    record PromiseRow(String name, String ruling, String mark, String word, String sentence, List<Group> groups) {}

    /** Evidence of a broken promise is what the reader came for; more of the same is folded away. */
    record Group(String summary, boolean open, boolean hasWrites, List<Proof> proofs) {
        static Group of(String summary, boolean open, List<Proof> proofs) {
            return new Group(
                    summary,
                    open,
                    proofs.stream().anyMatch(proof -> !proof.writes().isEmpty()),
                    proofs);
        }
    }

    record Proof(String what, List<WriteRow> writes, String more) {}

    record WriteRow(
            String id,
            String session,
            String keys,
            String outcome,
            String node,
            String timeline,
            String invoked,
            String completed,
            String detail) {}

    record OutageRow(
            String number,
            String fault,
            String from,
            String to,
            String timelines,
            String total,
            List<Share> parts,
            String instead,
            String width,
            String begin,
            String end) {}

    record Share(String id, String name, String value, String share, boolean isWide) {}

    record RejoinRow(
            String member, String way, String reason, String planned, String took, String timeline, String evidence) {}

    record TimelineRow(
            String id,
            String member,
            String parent,
            String lsn,
            String at,
            String writes,
            String indent,
            boolean child) {}

    record FaultRow(
            String number,
            String id,
            String kind,
            String promise,
            String target,
            String made,
            String healed,
            String evidence,
            boolean refused) {}

    record JournalRow(String at, String member, String milestone, String details) {}

    // The template asks by these whether there is a table to be made.

    boolean hasPromises() {
        return !promises.isEmpty();
    }

    boolean hasOutages() {
        return !outages.isEmpty();
    }

    boolean hasRejoins() {
        return !rejoins.isEmpty();
    }

    boolean hasTimelines() {
        return !timelines.isEmpty();
    }

    boolean hasLost() {
        return !lost.isEmpty();
    }

    boolean hasFaults() {
        return !faults.isEmpty();
    }

    static Page of(ReportModel model) {
        Optional<Ruling> ruling = model.verdict().map(Verdict::verdict);
        String subject = subject(model);
        return new Page(
                "pg-gauntlet: " + Format.word(ruling) + ", " + subject,
                ruling.map(Ruling::id).orElse("unjudged"),
                Format.mark(ruling),
                Format.word(ruling),
                Format.meaning(ruling),
                subject,
                CLOCK.format(model.startedAt()) + ", " + String.format(Locale.ROOT, "%.1f s", model.duration() / 1e9),
                model.notices(),
                figures(model),
                model.verdict().map(Verdict::promises).orElse(List.of()).stream()
                        .map(Page::promise)
                        .toList(),
                outages(model),
                Arrays.stream(Outage.Part.values())
                        .map(part -> new Named(part.id(), part.id()))
                        .toList(),
                model.rejoins().stream().map(Page::rejoin).toList(),
                model.timelines().stream().map(Page::timeline).toList(),
                model.lost().first().stream().map(Page::lostWrite).toList(),
                lostSentence(model),
                model.faults().stream().map(Page::fault).toList(),
                model.journal().lines().stream().map(Page::journal).toList(),
                model.journal().lines().stream()
                        .map(JournalLine::member)
                        .distinct()
                        .sorted()
                        .toList(),
                journalSentence(model),
                facts(model),
                versions(model),
                "./gauntlet check " + Shell.quoted(model.folder()),
                model.plan().again(),
                model.plan().text());
    }

    /** What was run, in one line. */
    static String subject(ReportModel model) {
        List<String> words = new ArrayList<>(List.of(
                said(model, Verdict.RunFacts::strategy, model.plan().strategy()),
                model.plan().durability(),
                said(model, Verdict.RunFacts::scenario, model.plan().scenario())));
        String seed = model.verdict()
                .map(verdict -> Long.toString(verdict.run().seed()))
                .orElse(model.plan().seed());
        words.add(seed.isEmpty() ? "" : "seed " + seed);
        words.removeIf(String::isEmpty);
        return words.isEmpty() ? model.folder() : String.join(" · ", words);
    }

    private static String said(ReportModel model, Function<Verdict.RunFacts, String> fact, String otherwise) {
        return model.verdict().map(Verdict::run).map(fact).orElse(otherwise);
    }

    // ---- figures

    private static List<Figure> figures(ReportModel model) {
        Optional<Verdict> verdict = model.verdict();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                Format.count(model.counts().acknowledged()),
                "writes acknowledged",
                Format.count(model.counts().unknown()) + " unknown, "
                        + Format.count(model.counts().failed()) + " failed",
                false));
        figures.add(figure(
                verdict.map(each -> Format.count(each.lost())),
                "writes lost",
                model.lost().count() == 0 ? "" : "listed below",
                model.lost().count() > 0));
        figures.add(figure(verdict.map(each -> Format.count(each.failovers())), "failovers", faultNote(model), false));
        figures.add(figure(
                verdict.map(each -> Format.count(each.rejoins().values().stream()
                        .mapToLong(Integer::longValue)
                        .sum())),
                "rejoins",
                verdict.map(each -> Format.ways(each.rejoins()))
                        .filter(ways -> !ways.equals(Format.NOTHING))
                        .orElse(""),
                false));
        int writers = verdict.map(Verdict::writersMax).orElse(0);
        figures.add(figure(
                verdict.map(each -> Format.count(each.writersMax())), "writers at once, at most", "", writers > 1));
        OptionalDouble p50 = verdict.map(each -> each.outageMillis(0.5)).orElse(OptionalDouble.empty());
        OptionalDouble p99 = verdict.map(each -> each.outageMillis(0.99)).orElse(OptionalDouble.empty());
        figures.add(new Figure(Format.millis(p50), "write outage, p50", "p99 " + Format.millis(p99), false));
        ReportModel.Latency latency = model.load().overall();
        figures.add(new Figure(
                Format.micros(latency.p50()),
                "commit latency, p50",
                "p99 " + Format.micros(latency.p99()) + ", max " + Format.micros(latency.max()),
                false));
        return figures;
    }

    private static Figure figure(Optional<String> value, String name, String note, boolean alarm) {
        return new Figure(value.orElse(Format.NOTHING), name, note, alarm);
    }

    private static String faultNote(ReportModel model) {
        return "after " + Format.count(model.faults().size(), "fault", "faults");
    }

    // ---- promises

    private static PromiseRow promise(Finding finding) {
        Optional<Ruling> outcome = Optional.of(finding.outcome());
        return new PromiseRow(
                finding.promise(),
                finding.outcome().id(),
                Format.mark(outcome),
                Format.word(outcome),
                finding.sentence(),
                groups(finding));
    }

    private static List<Group> groups(Finding finding) {
        List<Proof> proofs = finding.evidence().stream().map(Page::proof).toList();
        if (proofs.isEmpty()) {
            return List.of();
        }
        int shown = Math.min(MOST_PROOFS, proofs.size());
        List<Group> groups = new ArrayList<>();
        groups.add(Group.of("Evidence", finding.outcome() == Ruling.BROKEN, proofs.subList(0, shown)));
        if (shown < proofs.size()) {
            groups.add(Group.of(
                    Format.count(proofs.size() - shown, "more piece of evidence", "more pieces of evidence"),
                    false,
                    proofs.subList(shown, proofs.size())));
        }
        return groups;
    }

    private static Proof proof(Evidence evidence) {
        int more = evidence.writes().size() - MOST_OPERATIONS;
        return new Proof(
                evidence.what(),
                evidence.writes().stream()
                        .limit(MOST_OPERATIONS)
                        .map(write -> write(write, write.detail()))
                        .toList(),
                more > 0 ? "and " + Format.count(more, "more operation", "more operations") + " in verdict.json" : "");
    }

    private static WriteRow write(Write write, String detail) {
        return new WriteRow(
                Long.toString(write.id()),
                Format.words(write.kind().name()) + " " + write.session(),
                write.keys() == 1 ? Long.toString(write.firstKey()) : write.firstKey() + "–" + write.lastKey(),
                Format.words(write.outcome().name())
                        + (write.sqlState().isEmpty() ? "" : " (" + write.sqlState() + ")"),
                Format.orNothing(write.node()),
                write.timeline() == 0 ? Format.NOTHING : Integer.toString(write.timeline()),
                Format.seconds(write.invoked()),
                Format.seconds(write.completed()),
                detail);
    }

    private static WriteRow lostWrite(LostWrite lost) {
        return write(lost.write(), "missing in the " + lost.read());
    }

    private static String lostSentence(ReportModel model) {
        long count = model.lost().count();
        if (model.verdict().isEmpty() && count == 0) {
            return "Not known: the run has not been judged.";
        }
        if (count == 0) {
            return "None.";
        }
        int listed = model.lost().first().size();
        return Format.count(count, "acknowledged write is", "acknowledged writes are")
                + " missing in a read that had to show it"
                + (listed < count ? "; the first " + Format.count(listed) + " are listed." : ".");
    }

    // ---- outages

    private static List<OutageRow> outages(ReportModel model) {
        double longest =
                model.outages().stream().mapToDouble(Outage::nanos).max().orElse(1);
        List<OutageRow> rows = new ArrayList<>();
        for (Outage outage : model.outages()) {
            rows.add(outage(rows.size() + 1, outage, longest, faultLabel(model, outage.fault())));
        }
        return rows;
    }

    private static OutageRow outage(int number, Outage outage, double longest, String fault) {
        List<Share> shares = new ArrayList<>();
        for (Outage.Part part : Outage.Part.values()) {
            long nanos = outage.parts().getOrDefault(part, 0L);
            double share = outage.nanos() == 0 ? 0 : (double) nanos / outage.nanos();
            String name = part == Outage.Part.REROUTE ? "reroute + first write" : part.id();
            shares.add(new Share(
                    part.id(),
                    name,
                    outage.parts().isEmpty() || outage.nanos() == 0 ? Format.NOTHING : Format.duration(nanos),
                    percent(share),
                    share * outage.nanos() / longest > 0.09));
        }
        return new OutageRow(
                Integer.toString(number),
                fault,
                outage.fromNode(),
                outage.toNode(),
                "timeline " + outage.fromTimeline() + " → " + outage.toTimeline(),
                outage.nanos() == 0 ? "none" : Format.duration(outage.nanos()),
                shares,
                instead(outage),
                percent(longest == 0 || !instead(outage).isEmpty() ? 1 : outage.nanos() / longest),
                Long.toString(outage.lastAcknowledged()),
                Long.toString(outage.firstAcknowledged()));
    }

    /** What is said where there are no parts to be shown. */
    private static String instead(Outage outage) {
        if (outage.nanos() == 0) {
            return "writes never stopped: both timelines acknowledged some at the same time";
        }
        return outage.parts().isEmpty() ? "the journals do not tell the parts" : "";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }

    private static String faultLabel(ReportModel model, String id) {
        return model.faults().stream()
                .filter(fault -> !id.isEmpty() && fault.id().equals(id))
                .findFirst()
                .map(fault -> "#" + fault.number() + " " + fault.kind())
                .orElse(id.isEmpty() ? "no fault known" : id);
    }

    // ---- the rest

    private static RejoinRow rejoin(Rejoin rejoin) {
        return new RejoinRow(
                rejoin.member(),
                Format.orNothing(rejoin.way()),
                rejoin.reason(),
                Format.seconds(rejoin.planned()),
                rejoin.rejoined().isPresent()
                        ? Format.duration(rejoin.rejoined().getAsLong() - rejoin.planned())
                        : "not completed",
                Format.orNothing(rejoin.timeline()),
                Format.details(rejoin.evidence()));
    }

    private static TimelineRow timeline(Timeline timeline) {
        return new TimelineRow(
                Integer.toString(timeline.id()),
                timeline.member(),
                timeline.parent().isPresent()
                        ? Integer.toString(timeline.parent().getAsInt())
                        : Format.NOTHING,
                Format.orNothing(timeline.switchLsn()),
                Format.seconds(timeline.at()),
                Format.count(timeline.acknowledged()),
                // Deep trees must not push their last rows off the page.
                String.format(Locale.ROOT, "%.1frem", Math.min(timeline.depth(), 12) * 1.1),
                timeline.depth() > 0);
    }

    private static FaultRow fault(Fault fault) {
        boolean refused = fault.made().isEmpty();
        String healedBy = fault.healedBy().isEmpty() ? "" : "; healed: " + fault.healedBy();
        return new FaultRow(
                Integer.toString(fault.number()),
                fault.id(),
                fault.kind(),
                Format.orNothing(Format.words(fault.faultClass())),
                fault.resolved().isEmpty() || fault.requested().equals(fault.resolved())
                        ? fault.requested()
                        : fault.requested() + " = " + fault.resolved(),
                refused ? "not made" : Format.seconds(fault.at()),
                Format.seconds(fault.healed()),
                fault.evidence() + healedBy,
                refused);
    }

    private static JournalRow journal(JournalLine line) {
        return new JournalRow(
                Format.seconds(line.at()),
                line.member(),
                Format.words(line.milestone()),
                Format.details(line.details()));
    }

    private static String journalSentence(ReportModel model) {
        int listed = model.journal().lines().size();
        return Format.count(model.journal().count(), "entry", "entries")
                + (listed < model.journal().count() ? ", the first " + Format.count(listed) + " are listed" : "");
    }

    private static List<Named> facts(ReportModel model) {
        PlanFacts plan = model.plan();
        String seed = model.verdict()
                .map(verdict -> Long.toString(verdict.run().seed()))
                .orElse(plan.seed());
        return List.of(
                new Named("Strategy", Format.orNothing(said(model, Verdict.RunFacts::strategy, plan.strategy()))),
                new Named("Durability", Format.orNothing(plan.durability())),
                new Named("Scenario", Format.orNothing(said(model, Verdict.RunFacts::scenario, plan.scenario()))),
                new Named("Seed", Format.orNothing(seed)),
                new Named("Started", CLOCK.format(model.startedAt())),
                new Named("Folder", model.folder()));
    }

    private static List<Named> versions(ReportModel model) {
        Map<String, String> versions = model.verdict()
                .<Map<String, String>>map(each -> each.run().versions())
                .orElse(Map.of());
        return (versions.isEmpty() ? model.plan().versions() : versions)
                .entrySet().stream()
                        .map(entry -> new Named(entry.getKey(), entry.getValue()))
                        .toList();
    }
}
