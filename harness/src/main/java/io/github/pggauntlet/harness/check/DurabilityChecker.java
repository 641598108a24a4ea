package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Terms.Term;
import io.github.pggauntlet.harness.check.rule.RecoveryPoint;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises.Promise;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Is every acknowledged write there in the end, and nothing that nobody wrote?
 *
 * <p>Only {@linkplain Read#proven() proven} reads can show that a row is missing: an isolated or lagging member may answer
 * others. Every read can show a row that must not be there. Rows that
 *
 * <ul>
 *   <li>were acknowledged before a final proven read and are missing in it are <em>lost</em>. A proven read in the midst of
 *       the run counts for writes on its own timeline and older ones,
 *   <li>a proven read saw and a later proven one does not are <em>visible, then lost</em>, also if the write was never
 *       acknowledged: the first read's own commit was acknowledged and came after them,
 *   <li>a proven read misses though they were acknowledged or seen before, and a later one shows, are <em>resurrected</em>,
 *   <li>belong to a failed write and are read are <em>failed but present</em>,
 *   <li>nobody had yet written and are read are <em>phantoms</em>,
 *   <li>are there without the others of their transaction make it a <em>partial transaction</em>,
 *   <li>do not hold what their writer wrote are <em>foreign</em>, those that are there twice are <em>duplicates</em>.
 * </ul>
 *
 * <p>A write of unknown outcome may be there or not. The first three are weighed against the {@link LossBound} promised for
 * the fault that ended the timeline the write was acknowledged on (with no such fault: against the strictest bound that is
 * promised). Within a window, a lost write must have been acknowledged at most that long before the last acknowledged write
 * of its timeline. The others break any promise.
 *
 * <p>Without a proven final read, and a proven one on a later timeline after one more failover, nothing can be called kept.
 *
 * <p>It is long because all of these are told from one pass over the same sets; apart, each would read the history again.
 *
 * <p>Sets are bit sets over dense keys: O(r · n / 64 + n log n) for n rows and r reads.
 *
 * <p>Sources: the harness's rules of judgement; the set checkers of Jepsen, without their blind spots: the newest keys are
 * read too, duplicates are told, every read counts and not only the last.
 */
public final class DurabilityChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "durability";

    private static final int MOST_EVIDENCE = 20;

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public Result check(RunRecord run) {
        return new Examination(run).result();
    }

    /** What was seen, as keys. Only ever grows. */
    private static final class Anomalies {
        private final KeySet.Builder lost = new KeySet.Builder();
        private final KeySet.Builder visibleThenLost = new KeySet.Builder();
        private final KeySet.Builder resurrected = new KeySet.Builder();
        private final KeySet.Builder failedButPresent = new KeySet.Builder();
        private final KeySet.Builder phantoms = new KeySet.Builder();
        private final KeySet.Builder torn = new KeySet.Builder();
        private final List<Evidence> contents = new ArrayList<>();
    }

    /** One examination of one run. */
    private static final class Examination {

        private final RunRecord run;
        private final List<Write> acknowledged;
        private final Anomalies anomalies = new Anomalies();

        Examination(RunRecord run) {
            this.run = run;
            this.acknowledged = run.acknowledged()
                    .sorted(Comparator.comparingLong(Write::completed))
                    .toList();
        }

        Result result() {
            List<Read> reads = run.history().reads().stream()
                    .sorted(Comparator.comparingLong(Read::invoked))
                    .toList();
            lookForMissingRows(reads.stream().filter(Read::proven).toList());
            lookForRowsTooMany(reads);
            return judge(reads);
        }

        private void lookForMissingRows(List<Read> proven) {
            Dues dues = new Dues(acknowledged);
            KeySet seen = KeySet.empty();
            KeySet missedBefore = KeySet.empty();
            for (Read read : proven) {
                KeySet due = read.occasion() == Occasion.INTERIM
                        ? dues.before(read.invoked(), read.timeline())
                        : dues.before(read.invoked());
                KeySet lost = due.minus(read.keys());
                // An old primary that answers in the midst of the run has not lost what a later timeline has.
                KeySet vanished = read.occasion() == Occasion.INTERIM
                        ? KeySet.empty()
                        : seen.minus(read.keys()).minus(lost);
                anomalies.lost.addAll(lost);
                anomalies.visibleThenLost.addAll(vanished);
                anomalies.resurrected.addAll(missedBefore.and(read.keys()));
                missedBefore = missedBefore.or(lost).or(vanished);
                seen = seen.or(read.keys());
            }
        }

        private void lookForRowsTooMany(List<Read> reads) {
            List<Write> writes = run.history().writes().stream()
                    .sorted(Comparator.comparingLong(Write::invoked))
                    .toList();
            KeySet failed = keys(writes, write -> write.outcome() == Outcome.FAILED);
            KeySet joints = joints(writes);
            KeySet.Builder begun = new KeySet.Builder();
            int next = 0;
            for (Read read : reads.stream()
                    .sorted(Comparator.comparingLong(Read::completed))
                    .toList()) {
                for (; next < writes.size() && writes.get(next).invoked() <= read.completed(); next++) {
                    begun.addRange(writes.get(next).firstKey(), writes.get(next).keys());
                }
                anomalies.failedButPresent.addAll(failed.and(read.keys()));
                anomalies.phantoms.addAll(read.keys().minus(begun.build()));
                anomalies.torn.addAll(read.keys().tornAt(joints));
                lookAtContents(read);
            }
        }

        private void lookAtContents(Read read) {
            String where = "The read of " + read.node() + " at " + Text.seconds(read.completed()) + " found ";
            if (read.foreignRows() > 0) {
                anomalies.contents.add(Evidence.of(where + Text.count(read.foreignRows(), "row", "rows")
                        + " that nobody wrote so: " + read.detail()));
            }
            long surplus = read.rows() - read.keys().size() - read.foreignRows();
            if (surplus > 0) {
                anomalies.contents.add(Evidence.of(
                        where + Text.count(surplus, "row", "rows") + " more than there are different keys."));
            }
        }

        private Result judge(List<Read> reads) {
            KeySet lostKeys = anomalies.lost.build();
            List<Write> lost = withKeyIn(acknowledged, lostKeys);
            List<Evidence> evidence = new ArrayList<>();
            int broken = judgeLosses(lost, evidence);
            broken += judgeVanished(evidence);
            broken += judgeSurplus(evidence);
            Finding finding;
            if (broken > 0) {
                finding = new Finding(
                        PROMISE,
                        Ruling.BROKEN,
                        broken == 1
                                ? evidence.get(0).what()
                                : Text.count(broken, "proof", "proofs")
                                        + " that what was promised about written rows did not hold; the first: "
                                        + evidence.get(0).what(),
                        evidence.subList(0, Math.min(evidence.size(), MOST_EVIDENCE)));
            } else {
                finding = unbroken(reads, lost);
            }
            return new Result(finding, Measures.lost(lost.size()));
        }

        private Finding unbroken(List<Read> reads, List<Write> lost) {
            if (acknowledged.isEmpty()) {
                return Finding.of(PROMISE, Ruling.VACUOUS, "No write was acknowledged.");
            }
            Optional<String> gap = missingProof(reads);
            if (gap.isPresent()) {
                return Finding.of(PROMISE, Ruling.INCONCLUSIVE, gap.get());
            }
            String reach = " in the final reads and after one more failover";
            return Finding.of(
                    PROMISE,
                    Ruling.KEPT,
                    lost.isEmpty()
                            ? "All of " + Text.count(acknowledged.size(), "acknowledged write", "acknowledged writes")
                                    + " are there" + reach + "."
                            : Text.count(lost.size(), "acknowledged write", "acknowledged writes") + " of "
                                    + acknowledged.size() + " are lost" + reach
                                    + ", acknowledged at most " + Text.seconds(recoveryPoint(lost))
                                    + " before the last write of their timeline; that is within what is promised.");
        }

        /** The farthest that what survived lies behind what was acknowledged on a timeline, in nanoseconds. */
        private long recoveryPoint(List<Write> lost) {
            KeySet.Builder ids = new KeySet.Builder();
            lost.forEach(write -> ids.addRange(write.id(), 1));
            KeySet lostIds = ids.build();
            return acknowledged.stream()
                    .collect(Collectors.groupingBy(
                            Write::timeline,
                            Collectors.mapping(
                                    write -> new RecoveryPoint.Commit(write.id(), write.completed(), Optional.empty()),
                                    Collectors.toList())))
                    .values()
                    .stream()
                    .mapToLong(commits ->
                            RecoveryPoint.of(commits, lostIds, Lsn.INVALID).nanos())
                    .max()
                    .orElse(0);
        }

        private Optional<String> missingProof(List<Read> reads) {
            Optional<Read> last = proven(reads, Occasion.FINAL);
            Optional<Read> after = proven(reads, Occasion.AFTER_ONE_MORE_FAILOVER);
            if (last.isEmpty()) {
                return Optional.of("There is no final read that a working primary has proven to be its own.");
            }
            if (after.isEmpty()) {
                return Optional.of("There is no proven read after one more failover, where a lost row could show.");
            }
            if (after.get().timeline() <= last.get().timeline()) {
                return Optional.of("The read after one more failover was on timeline "
                        + after.get().timeline() + ", which is not later than that of the final read, "
                        + last.get().timeline() + ".");
            }
            Write newest = acknowledged.get(acknowledged.size() - 1);
            if (newest.completed() >= after.get().invoked()) {
                return Optional.of(
                        "No read came after the acknowledgement of the newest write: " + Text.write(newest) + ".");
            }
            return Optional.empty();
        }

        private static Optional<Read> proven(List<Read> reads, Occasion occasion) {
            return reads.stream()
                    .filter(read -> read.proven() && read.occasion() == occasion)
                    .max(Comparator.comparingInt(Read::timeline));
        }

        private int judgeLosses(List<Write> lost, List<Evidence> evidence) {
            if (lost.isEmpty()) {
                return 0;
            }
            Bounds bounds = new Bounds(run);
            int broken = 0;
            for (Write write : lost) {
                Optional<String> complaint = bounds.complaint(write);
                if (complaint.isPresent()) {
                    broken++;
                    note(evidence, "Lost: " + Text.write(write) + "; " + complaint.get() + ".", write);
                }
            }
            return broken;
        }

        /** Rows nobody was told of may go where acknowledged ones may; rows that come and go are nobody's promise. */
        private int judgeVanished(List<Evidence> evidence) {
            int broken = 0;
            boolean strict = run.allFaults()
                    .allMatch(fault -> run.promise(fault.faultClass())
                            .filter(promise -> promise.loss() instanceof LossBound.None)
                            .isPresent());
            if (strict) {
                broken += complain(
                        evidence,
                        anomalies.visibleThenLost.build(),
                        write -> "Visible, then lost: a proven read saw it and a later one did not: "
                                + Text.write(write) + ".");
            }
            return broken
                    + complain(
                            evidence,
                            anomalies.resurrected.build(),
                            write -> "Resurrected: a proven read missed it and a later one shows it: "
                                    + Text.write(write) + ".");
        }

        private int judgeSurplus(List<Evidence> evidence) {
            int broken = complain(
                    evidence,
                    anomalies.failedButPresent.build(),
                    write -> "Failed, but present: " + Text.write(write) + ".");
            broken += complain(
                    evidence,
                    anomalies.torn.build(),
                    write -> "A part of a transaction is there without the rest: " + Text.write(write) + ".");
            KeySet phantoms = anomalies.phantoms.build();
            if (!phantoms.isEmpty()) {
                broken++;
                List<Write> early = withKeyIn(run.history().writes(), phantoms);
                evidence.add(new Evidence(
                        "Phantoms: rows were read that nobody had written yet, with the keys " + phantoms + ".",
                        early.subList(0, Math.min(early.size(), MOST_EVIDENCE))));
            }
            evidence.addAll(anomalies.contents);
            return broken + anomalies.contents.size();
        }

        private int complain(List<Evidence> evidence, KeySet keys, Function<Write, String> sentence) {
            List<Write> writes = withKeyIn(run.history().writes(), keys);
            writes.forEach(write -> note(evidence, sentence.apply(write), write));
            return writes.size();
        }

        /** Evidence is for people: of very many of one kind the first few will do. */
        private static void note(List<Evidence> evidence, String what, Write write) {
            if (evidence.size() < MOST_EVIDENCE) {
                evidence.add(Evidence.of(what, write));
            }
        }
    }

    /** The keys that were due at one instant or another. Instants must not decrease. */
    private static final class Dues {

        private final List<Write> byCompletion;
        private final KeySet.Builder due = new KeySet.Builder();
        private int next;

        Dues(List<Write> byCompletion) {
            this.byCompletion = byCompletion;
        }

        /** What was acknowledged before {@code instant}. */
        KeySet before(long instant) {
            for (; next < byCompletion.size() && byCompletion.get(next).completed() < instant; next++) {
                due.addRange(
                        byCompletion.get(next).firstKey(),
                        byCompletion.get(next).keys());
            }
            return due.build();
        }

        /** What was acknowledged before {@code instant}, other than on timelines later than {@code timeline}. */
        KeySet before(long instant, int timeline) {
            KeySet all = before(instant);
            // Later timelines are rare in a read of the midst of the run: look back only as far as they reach.
            KeySet.Builder later = new KeySet.Builder();
            boolean any = false;
            for (int i = next - 1; i >= 0; i--) {
                Write write = byCompletion.get(i);
                if (write.timeline() > timeline) {
                    later.addRange(write.firstKey(), write.keys());
                    any = true;
                }
            }
            return any ? all.minus(later.build()) : all;
        }
    }

    /** What may be lost of each timeline. */
    private static final class Bounds {

        private final RunRecord run;
        private final Map<Integer, Term> lastTerms;
        private final List<Term> terms;
        private final Map<Integer, LossBound> byTimeline = new HashMap<>();

        Bounds(RunRecord run) {
            this.run = run;
            this.terms = Terms.of(run.acknowledged());
            this.lastTerms = terms.stream()
                    .collect(Collectors.toMap(
                            Term::timeline,
                            Function.identity(),
                            (one, other) ->
                                    one.last().completed() >= other.last().completed() ? one : other));
        }

        /** Why this write must not be lost, unless it may. */
        Optional<String> complaint(Write write) {
            LossBound bound = byTimeline.computeIfAbsent(write.timeline(), this::bound);
            if (bound instanceof LossBound.NotPromised) {
                return Optional.empty();
            }
            if (bound instanceof LossBound.Within within) {
                Optional<Term> term = Optional.ofNullable(lastTerms.get(write.timeline()));
                long end = term.map(Term::last).map(Write::completed).orElse(Long.MAX_VALUE);
                long age = end - write.completed();
                return age <= within.window().toNanos()
                        ? Optional.empty()
                        : Optional.of("it was acknowledged " + Text.seconds(age)
                                + " before the last write of its timeline, and " + bound);
            }
            return Optional.of("promised is that " + bound);
        }

        private LossBound bound(int timeline) {
            return Optional.ofNullable(lastTerms.get(timeline))
                    .flatMap(this::cause)
                    .map(fault ->
                            run.promise(fault.faultClass()).map(Promise::loss).orElse(LossBound.notPromised()))
                    .orElseGet(this::strictest);
        }

        private Optional<FaultMade> cause(Term term) {
            long until = terms.stream()
                    .filter(later -> later.timeline() > term.timeline())
                    .mapToLong(Term::certainFrom)
                    .min()
                    .orElse(Long.MAX_VALUE);
            return Failover.cause(run, term, until);
        }

        private LossBound strictest() {
            List<LossBound> bounds = run.promises().byFault().values().stream()
                    .map(Promise::loss)
                    .toList();
            if (bounds.stream().anyMatch(LossBound.None.class::isInstance)) {
                return LossBound.none();
            }
            return bounds.stream()
                    .filter(LossBound.Within.class::isInstance)
                    .map(LossBound.Within.class::cast)
                    .min(Comparator.comparing(LossBound.Within::window))
                    .map(LossBound.class::cast)
                    .orElse(LossBound.notPromised());
        }
    }

    private static KeySet keys(List<Write> writes, Predicate<Write> which) {
        KeySet.Builder keys = new KeySet.Builder();
        for (Write write : writes) {
            if (which.test(write)) {
                keys.addRange(write.firstKey(), write.keys());
            }
        }
        return keys.build();
    }

    /** Each key whose successor belongs to the same transaction. */
    private static KeySet joints(List<Write> writes) {
        KeySet.Builder joints = new KeySet.Builder();
        for (Write write : writes) {
            joints.addRange(write.firstKey(), write.keys() - 1L);
        }
        return joints.build();
    }

    private static List<Write> withKeyIn(List<Write> writes, KeySet keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        return writes.stream()
                .filter(write -> keys.countIn(write.firstKey(), write.keys()) > 0)
                .toList();
    }
}
