package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.reports.ReportModel.Counts;
import io.github.pggauntlet.reports.ReportModel.Fault;
import io.github.pggauntlet.reports.ReportModel.Interval;
import io.github.pggauntlet.reports.ReportModel.Journal;
import io.github.pggauntlet.reports.ReportModel.JournalLine;
import io.github.pggauntlet.reports.ReportModel.Lane;
import io.github.pggauntlet.reports.ReportModel.LostWrite;
import io.github.pggauntlet.reports.ReportModel.LostWrites;
import io.github.pggauntlet.reports.ReportModel.Phase;
import io.github.pggauntlet.reports.ReportModel.Rejoin;
import io.github.pggauntlet.reports.ReportModel.Timeline;
import io.github.pggauntlet.reports.RoleHistory.Details;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run's folder and sums it up for people. The folder of a run that was killed, or never judged, gives a report too.
 *
 * <p>The history is read as a stream, once, and a second time if a write is lost: memory depends on the events, the length
 * of the run's journal and the final reads' key sets, not on the number of writes. Each kind of record has its few lines here,
 * which makes it long.
 */
public final class RunReport {

    /** More lost writes than this are counted, not listed. */
    static final int MOST_LOST = 200;

    /** More lines of journal than this are counted, not listed. */
    static final int MOST_JOURNAL = 2000;

    private final RunFolder folder;
    private final TimeAnchor anchor;
    private final List<RunEvent> events;
    private final List<String> notices = new ArrayList<>();
    private final LoadSeries load = new LoadSeries();
    private final WritingSpans spans = new WritingSpans();
    private final Map<SessionKind, Map<Outcome, Long>> counts = new EnumMap<>(SessionKind.class);
    private final Map<Outcome, Long> transactions = new EnumMap<>(Outcome.class);
    private final List<Read> reads = new ArrayList<>();
    private long end;

    private RunReport(RunFolder folder) {
        this.folder = folder;
        this.events = EventReader.read(folder.events());
        HistoryScan.Result scanned = HistoryScan.scan(folder.history(), this::add);
        this.anchor = scanned.anchor();
        if (scanned.torn()) {
            notices.add("The history ends in the midst of a line, which is left out: its writer was killed.");
        }
        tellTransactions();
        events.forEach(event -> end = Math.max(end, event.at()));
    }

    /**
     * Reads what lies in a run's folder.
     *
     * @throws io.github.pggauntlet.harness.history.DamagedRunException if its history or events are missing or damaged, other
     *     than by a torn last line
     */
    public static ReportModel read(RunFolder folder) {
        return new RunReport(folder).model();
    }

    private void add(Operation operation) {
        end = Math.max(end, operation.completed());
        if (operation instanceof Write write) {
            spans.add(write);
            counts.computeIfAbsent(write.kind(), kind -> new EnumMap<>(Outcome.class))
                    .merge(write.outcome(), 1L, Long::sum);
            if (write.kind() == SessionKind.CLIENT) {
                load.add(write.invoked(), write.completed(), write.outcome());
            }
        } else if (operation instanceof Read read) {
            reads.add(read);
        } else if (operation instanceof Operation.Transaction transaction) {
            transactions.merge(transaction.outcome(), 1L, Long::sum);
            load.add(transaction.invoked(), transaction.completed(), transaction.outcome());
        }
    }

    /** What ran beside the ledger, if anything did. */
    private void tellTransactions() {
        if (!transactions.isEmpty()) {
            String workload = events.stream()
                    .filter(RunEvent.WorkloadBegun.class::isInstance)
                    .map(RunEvent.WorkloadBegun.class::cast)
                    .findFirst()
                    .map(begun -> "the workload '" + begun.workload() + "' " + new TreeMap<>(begun.facts()))
                    .orElse("a workload");
            notices.add("Beside the ledger ran " + workload + ", with "
                    + transactions.getOrDefault(Outcome.ACKNOWLEDGED, 0L) + " acknowledged transactions, "
                    + transactions.getOrDefault(Outcome.UNKNOWN, 0L) + " unknown, "
                    + transactions.getOrDefault(Outcome.FAILED, 0L) + " failed; the load shows both.");
        }
    }

    private ReportModel model() {
        Optional<Verdict> verdict = verdict();
        PlanFacts plan = plan();
        LostWrites lost = lost();
        verdict.filter(said -> said.lost() != lost.count())
                .ifPresent(said -> notices.add("The verdict counts " + said.lost() + " lost writes, the history shows "
                        + lost.count() + ": judge the folder again."));
        return new ReportModel(
                folder.path().toString(),
                plan,
                anchor.startedAt(),
                end,
                verdict,
                notices,
                counts(),
                phases(),
                lanes(),
                faults(),
                load.load(),
                verdict.map(Verdict::outages).orElse(List.of()),
                timelines(),
                rejoins(),
                lost,
                journal());
    }

    // ---- files

    private Optional<Verdict> verdict() {
        if (!Files.isRegularFile(folder.verdict())) {
            notices.add("The run has not been judged: there is no verdict.json. It was stopped before its end, or its"
                    + " judgement failed.");
            return Optional.empty();
        }
        try {
            return Optional.of(new VerdictJson().read(text(folder.verdict())));
        } catch (IOException | IllegalArgumentException e) {
            notices.add("verdict.json cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private PlanFacts plan() {
        String text = "";
        try {
            text = text(folder.plan());
            return PlanFacts.parse(text);
        } catch (IOException | IllegalArgumentException e) {
            notices.add("plan.json cannot be read: " + e.getMessage());
            return PlanFacts.unknown(text);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }

    // ---- what happened

    private Counts counts() {
        return new Counts(
                count(Outcome.ACKNOWLEDGED, SessionKind.values()),
                count(Outcome.UNKNOWN, SessionKind.values()),
                count(Outcome.FAILED, SessionKind.values()),
                count(Outcome.ACKNOWLEDGED, SessionKind.CLIENT),
                count(Outcome.UNKNOWN, SessionKind.CLIENT),
                count(Outcome.FAILED, SessionKind.CLIENT));
    }

    private long count(Outcome outcome, SessionKind... kinds) {
        long count = 0;
        for (SessionKind kind : kinds) {
            count += counts.getOrDefault(kind, Map.of()).getOrDefault(outcome, 0L);
        }
        return count;
    }

    private List<Phase> phases() {
        List<RunEvent.Phase> begun = events(RunEvent.Phase.class);
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < begun.size(); i++) {
            long to = i + 1 < begun.size() ? begun.get(i + 1).at() : end;
            phases.add(new Phase(begun.get(i).at(), to, begun.get(i).name()));
        }
        return phases;
    }

    private List<Lane> lanes() {
        Map<String, List<Interval>> roles = new RoleHistory(anchor, events).until(end);
        TreeSet<String> members = new TreeSet<>(roles.keySet());
        members.addAll(spans.members());
        List<Lane> lanes = new ArrayList<>();
        members.forEach(member -> lanes.add(new Lane(member, roles.getOrDefault(member, List.of()), spans.of(member))));
        lanes.addAll(AddressLanes.of(events));
        return lanes;
    }

    private List<Fault> faults() {
        Map<String, RunEvent.FaultHealed> healed = new HashMap<>();
        events(RunEvent.FaultHealed.class).forEach(heal -> healed.put(heal.id(), heal));
        List<Fault> faults = new ArrayList<>();
        List<RunEvent> made = events.stream()
                .filter(event -> event instanceof RunEvent.FaultMade || event instanceof RunEvent.FaultNotMade)
                .sorted(Comparator.comparingLong(RunEvent::at))
                .toList();
        for (RunEvent event : made) {
            int number = faults.size() + 1;
            if (event instanceof RunEvent.FaultMade fault) {
                Optional<RunEvent.FaultHealed> heal = Optional.ofNullable(healed.get(fault.id()));
                faults.add(new Fault(
                        number,
                        fault.id(),
                        fault.kind(),
                        lower(fault.faultClass()),
                        fault.requested(),
                        fault.resolved(),
                        fault.at(),
                        OptionalLong.of(fault.made()),
                        fault.evidence(),
                        heal.map(each -> OptionalLong.of(each.at())).orElse(OptionalLong.empty()),
                        heal.map(RunEvent.FaultHealed::evidence).orElse("")));
            } else if (event instanceof RunEvent.FaultNotMade fault) {
                faults.add(new Fault(
                        number,
                        fault.id(),
                        fault.kind(),
                        "",
                        fault.requested(),
                        "",
                        fault.at(),
                        OptionalLong.empty(),
                        fault.reason(),
                        OptionalLong.empty(),
                        ""));
            }
        }
        return faults;
    }

    // ---- timelines

    private record Branch(int id, String member) {}

    private List<Timeline> timelines() {
        Map<Branch, Timeline> found = new LinkedHashMap<>();
        Map<String, JournalEntry> started = new HashMap<>();
        for (RunEvent event :
                events.stream().sorted(Comparator.comparingLong(this::own)).toList()) {
            if (event instanceof RunEvent.Journal journal) {
                JournalEntry entry = journal.entry();
                if (entry.milestone() == Milestone.PROMOTION_STARTED) {
                    started.put(entry.member(), entry);
                } else if (entry.milestone() == Milestone.PROMOTED) {
                    promoted(entry, Optional.ofNullable(started.remove(entry.member())), found);
                }
            } else if (event instanceof RunEvent.StatusSample sample) {
                NodeStatus status = sample.status();
                if (status.role() == NodeRole.PRIMARY && status.timeline().isPresent()) {
                    int id = status.timeline().getAsInt();
                    found.computeIfAbsent(
                            new Branch(id, status.member()),
                            branch -> timeline(branch, OptionalInt.empty(), "", own(event)));
                }
            }
        }
        List<Timeline> ordered = found.values().stream()
                .sorted(Comparator.comparingInt(Timeline::id).thenComparingLong(Timeline::at))
                .toList();
        Map<Integer, Integer> depths = new HashMap<>();
        List<Timeline> withDepth = new ArrayList<>();
        for (Timeline each : ordered) {
            int depth = each.parent().isPresent()
                    ? depths.getOrDefault(each.parent().getAsInt(), 0) + 1
                    : 0;
            depths.put(each.id(), depth);
            withDepth.add(new Timeline(
                    each.id(), each.member(), each.parent(), each.switchLsn(), each.at(), depth, each.acknowledged()));
        }
        return withDepth;
    }

    private void promoted(JournalEntry entry, Optional<JournalEntry> started, Map<Branch, Timeline> found) {
        Details.timeline(entry.details(), "timeline").ifPresent(id -> {
            Map<String, String> before = started.map(JournalEntry::details).orElse(Map.of());
            Branch branch = new Branch(id, entry.member());
            // A sample may have come first; the journal knows more.
            found.put(
                    branch,
                    timeline(
                            branch,
                            Details.timeline(before, "from-timeline"),
                            Details.get(before, "lsn"),
                            anchor.nanos(entry.at())));
        });
    }

    private Timeline timeline(Branch branch, OptionalInt parent, String lsn, long at) {
        return new Timeline(
                branch.id(),
                branch.member(),
                parent,
                lsn,
                Math.max(0, at),
                0,
                spans.writes(branch.member(), branch.id()));
    }

    // ---- journal

    private List<Rejoin> rejoins() {
        Map<String, Integer> open = new HashMap<>();
        List<Rejoin> rejoins = new ArrayList<>();
        for (JournalEntry entry : entries()) {
            String member = entry.member();
            if (entry.milestone() == Milestone.REJOIN_PLANNED) {
                Rejoin rejoin = new Rejoin(
                        member,
                        Details.get(entry.details(), "way"),
                        Details.get(entry.details(), "reason"),
                        anchor.nanos(entry.at()),
                        OptionalLong.empty(),
                        "",
                        new TreeMap<>());
                @Nullable Integer pending = open.get(member);
                // A plan made again in another way is told; the same plan tried again is not.
                if (pending == null || !rejoins.get(pending).way().equals(rejoin.way())) {
                    open.put(member, rejoins.size());
                    rejoins.add(rejoin);
                }
            } else if (entry.milestone() == Milestone.REJOINED) {
                @Nullable Integer pending = open.remove(member);
                if (pending != null) {
                    rejoins.set(pending, ended(rejoins.get(pending), entry));
                }
            } else if (entry.milestone() == Milestone.FAILURE_DETECTED) {
                open.remove(member);
            }
        }
        return rejoins;
    }

    private Rejoin ended(Rejoin rejoin, JournalEntry entry) {
        SortedMap<String, String> evidence = new TreeMap<>(entry.details());
        evidence.keySet().removeAll(List.of("way", "timeline", "primary"));
        return new Rejoin(
                rejoin.member(),
                rejoin.way(),
                rejoin.reason(),
                rejoin.planned(),
                OptionalLong.of(anchor.nanos(entry.at())),
                Details.get(entry.details(), "timeline"),
                evidence);
    }

    private Journal journal() {
        List<JournalEntry> entries = entries();
        List<JournalLine> lines = entries.stream()
                .limit(MOST_JOURNAL)
                .map(entry -> new JournalLine(
                        anchor.nanos(entry.at()),
                        entry.member(),
                        lower(entry.milestone()),
                        new TreeMap<>(entry.details())))
                .toList();
        return new Journal(entries.size(), lines);
    }

    private List<JournalEntry> entries() {
        return events(RunEvent.Journal.class).stream()
                .map(RunEvent.Journal::entry)
                .sorted(Comparator.comparing(JournalEntry::at).thenComparingLong(JournalEntry::sequence))
                .toList();
    }

    // ---- lost writes

    /** The rule is the durability checker's; what it says must be shown write by write. */
    private LostWrites lost() {
        List<Read> proven = reads.stream()
                .filter(Read::proven)
                .sorted(Comparator.comparingLong(Read::invoked))
                .toList();
        if (proven.isEmpty()) {
            return LostWrites.NONE;
        }
        List<LostWrite> first = new ArrayList<>();
        long[] count = new long[1];
        HistoryScan.scan(folder.history(), operation -> {
            if (operation instanceof Write write && write.outcome() == Outcome.ACKNOWLEDGED) {
                for (Read read : proven) {
                    if (misses(read, write)) {
                        count[0]++;
                        if (first.size() < MOST_LOST) {
                            first.add(new LostWrite(write, name(read)));
                        }
                        break;
                    }
                }
            }
        });
        return new LostWrites(count[0], first);
    }

    private static boolean misses(Read read, Write write) {
        boolean due = write.completed() < read.invoked()
                && (read.occasion() != Occasion.INTERIM || write.timeline() <= read.timeline());
        return due && read.keys().countIn(write.firstKey(), write.keys()) < write.keys();
    }

    private static String name(Read read) {
        String occasion = switch (read.occasion()) {
            case INTERIM -> "read in mid-run";
            case FINAL -> "final read";
            case AFTER_ONE_MORE_FAILOVER -> "read after one more failover";
        };
        return occasion + " on " + read.node() + ", timeline " + read.timeline();
    }

    // ---- small things

    /** An event's time by the clock of whoever it is about. */
    private long own(RunEvent event) {
        if (event instanceof RunEvent.Journal journal) {
            return anchor.nanos(journal.entry().at());
        }
        if (event instanceof RunEvent.StatusSample sample) {
            return anchor.nanos(sample.status().at());
        }
        return event.at();
    }

    private <E extends RunEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
