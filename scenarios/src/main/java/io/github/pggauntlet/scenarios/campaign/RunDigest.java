package io.github.pggauntlet.scenarios.campaign;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.Redundancy;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.RunRecord;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.history.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of one run matters for its campaign.
 *
 * @param number the run's number, from 0
 * @param seed its seed
 * @param folder the name of its folder
 * @param verdict its verdict
 * @param why the sentences of the findings that were not kept
 * @param acknowledged how many writes were acknowledged
 * @param lost how many of them were lost
 * @param writersMax how many members acknowledged writes at the same time at most
 * @param failovers how many failovers happened
 * @param rejoins how many members came back, by the way they took
 * @param faults how many faults were made, by what they were
 * @param leftOut how many faults of the schedule could not be made
 * @param outageMillis the outage of each failover
 * @param wholeMillis how long it took from each last heal until everybody was redundant again
 */
public record RunDigest(
        int number,
        long seed,
        String folder,
        String verdict,
        List<String> why,
        long acknowledged,
        long lost,
        int writersMax,
        int failovers,
        SortedMap<String, Integer> rejoins,
        SortedMap<String, Integer> faults,
        int leftOut,
        List<Double> outageMillis,
        List<Double> wholeMillis) {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final String LEFT_OUT = "Left out, ";

    public RunDigest {
        why = List.copyOf(why);
        outageMillis = List.copyOf(outageMillis);
        wholeMillis = List.copyOf(wholeMillis);
    }

    static RunDigest of(int number, String folder, RunRecord record, Verdict verdict) {
        SortedMap<String, Integer> faults = new TreeMap<>();
        // What differs from one fault of a kind to the next are names and measures.
        record.faults().forEach(fault -> faults.merge(fault.kind().replaceAll("\\d+", "N"), 1, Integer::sum));
        return new RunDigest(
                number,
                verdict.run().seed(),
                folder,
                verdict.verdict().id(),
                verdict.promises().stream()
                        .filter(finding -> finding.outcome() != Ruling.KEPT)
                        .map(RunDigest::sentence)
                        .toList(),
                verdict.acknowledged(),
                verdict.lost(),
                verdict.writersMax(),
                verdict.failovers(),
                verdict.rejoins(),
                faults,
                (int) record.events(RunEvent.Note.class)
                        .filter(note -> note.text().startsWith(LEFT_OUT))
                        .count(),
                verdict.outages().stream().map(Outage::millis).toList(),
                Redundancy.timesToWhole(record).stream()
                        .map(nanos -> nanos / NANOS_PER_MILLI)
                        .toList());
    }

    /** The same with one more sentence. */
    RunDigest and(String sentence) {
        List<String> more = new ArrayList<>(why);
        more.add(sentence);
        return new RunDigest(
                number,
                seed,
                folder,
                verdict,
                more,
                acknowledged,
                lost,
                writersMax,
                failovers,
                rejoins,
                faults,
                leftOut,
                outageMillis,
                wholeMillis);
    }

    private static String sentence(Finding finding) {
        return finding.promise() + " " + finding.outcome().id() + ": " + finding.sentence();
    }

    int faultsMade() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }
}
