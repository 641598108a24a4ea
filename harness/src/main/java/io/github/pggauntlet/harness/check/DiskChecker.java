package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.RunEvent.Cut;
import io.github.pggauntlet.harness.history.RunEvent.DiskSample;
import io.github.pggauntlet.harness.history.RunEvent.DisksCompared;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Were two disks that shall be alike ever two, and are they alike in the end?
 *
 * <p>Broken is the promise where, although one writer is promised for every fault that was made,
 *
 * <ul>
 *   <li>a machine was seen {@code StandAlone}: it has given the other one up, and nothing is replicated until somebody
 *       reconnects them. That is an alarm and never health, even where writes go on. It is what a machine comes to that was
 *       away, and on its return finds the other one writing; so within the write outage that is promised for a fault that
 *       parts the two, counted from the fault's end, it is not held against anybody, nor as long as the fault lasts;
 *   <li>a machine was seen to be Primary beside a Primary;
 *   <li>a machine worked as Primary on a disk that was not UpToDate;
 *   <li>the disks were compared in the end and differ;
 *   <li>the last that both said after the last fault was over, in a run that was played to its end, was not that they are
 *       connected and both up to date.
 * </ul>
 *
 * <p>Without a comparison, or a word of both, nothing can be called kept. Where a fault was made for which one writer is not
 * promised, what was seen is told and held against nobody. O(n) for n samples.
 *
 * <p>Source: {@code drbd.conf-8.4(5)}; that a connection in {@code StandAlone} is overlooked is the field's most frequent
 * mistake with DRBD.
 */
public final class DiskChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "disks";

    private static final String PRIMARY = "Primary";
    private static final String UP_TO_DATE = "UpToDate";

    /** Being compared, they are connected all the same. */
    private static final Set<String> CONNECTED = Set.of("Connected", "VerifyS", "VerifyT");

    private static final Set<FaultClass> PARTING =
            Set.of(FaultClass.HOST_FROZEN, FaultClass.HOST_ISOLATED, FaultClass.PARTITION, FaultClass.LINK_CUT);

    private static final String STAND_ALONE = "StandAlone";

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(DiskSample.class).findAny().isPresent();
    }

    @Override
    public Result check(RunRecord run) {
        List<Evidence> wrong = new ArrayList<>();
        List<Parting> partings = partings(run);
        run.events(DiskSample.class)
                .filter(sample -> !sample.connection().equals(STAND_ALONE)
                        || partings.stream().noneMatch(parting -> parting.explains(sample)))
                .forEach(sample -> alarm(sample).ifPresent(wrong::add));
        List<DisksCompared> compared = run.events(DisksCompared.class).toList();
        compared.stream()
                .filter(each -> each.differing() > 0)
                .forEach(each -> wrong.add(Evidence.of("At " + Text.seconds(each.at()) + " the disks of "
                        + each.member() + " and of the other machine differed in " + each.differing() + " kB.")));
        boolean ended = run.events(Cut.class).findAny().isEmpty();
        if (ended) {
            wrong.addAll(end(run));
        }
        if (!wrong.isEmpty()) {
            return Result.of(found(run, wrong));
        }
        if (compared.isEmpty()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.INCONCLUSIVE,
                    "Nothing wrong was seen of the disks, but they were not compared in the end."));
        }
        Set<String> heard =
                run.events(DiskSample.class).map(DiskSample::member).collect(Collectors.toUnmodifiableSet());
        if (heard.size() < 2) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.INCONCLUSIVE,
                    "Nothing wrong was seen of the disks, but only "
                            + heard.iterator().next() + " has said a word of them."));
        }
        return Result.of(Finding.of(
                PROMISE,
                Ruling.KEPT,
                "Never two Primaries, nor StandAlone longer than a parting explains, in "
                        + Text.count(run.events(DiskSample.class).count(), "sample", "samples")
                        + "; in the end the disks were connected, up to date, and equal block by block."));
    }

    /** A time in which two that have been parted may find that they must not go on. */
    private record Parting(long from, long until) {
        boolean explains(DiskSample sample) {
            return sample.at() >= from && sample.at() <= until;
        }
    }

    private static List<Parting> partings(RunRecord run) {
        return run.allFaults()
                .filter(fault -> PARTING.contains(fault.faultClass()))
                .flatMap(fault -> run.promise(fault.faultClass()).stream().map(promise -> {
                    long over = run.over(fault);
                    long outage = promise.writeOutage().toNanos();
                    return new Parting(fault.at(), over > Long.MAX_VALUE - outage ? over : over + outage);
                }))
                .toList();
    }

    private static Finding found(RunRecord run, List<Evidence> wrong) {
        boolean expected = run.faults().stream().allMatch(fault -> promisesOneWriter(run, fault));
        return Observations.finding(PROMISE, expected, "Nothing was promised for these faults.", wrong, "observations");
    }

    private static boolean promisesOneWriter(RunRecord run, FaultMade fault) {
        return run.promise(fault.faultClass()).map(Promise::writers).orElse(2) == 1;
    }

    private static Optional<Evidence> alarm(DiskSample sample) {
        String what = "";
        if (sample.connection().equals(STAND_ALONE)) {
            what = "is StandAlone";
        } else if (sample.role().equals(PRIMARY) && sample.peerRole().equals(PRIMARY)) {
            what = "is Primary beside a Primary";
        } else if (sample.role().equals(PRIMARY) && !sample.disk().equals(UP_TO_DATE)) {
            what = "is Primary on a disk that is " + sample.disk();
        }
        return what.isEmpty()
                ? Optional.empty()
                : Optional.of(Evidence.of(sample.member() + " " + what + " at " + Text.seconds(sample.at()) + "."));
    }

    /** What each member said last before the examination, which fails over once more. */
    private static List<Evidence> end(RunRecord run) {
        long until = run.examinationStart();
        Map<String, DiskSample> last = new HashMap<>();
        run.events(DiskSample.class)
                .filter(sample -> sample.at() < until)
                .forEach(sample -> last.put(sample.member(), sample));
        List<Evidence> wrong = new ArrayList<>();
        last.keySet().stream().sorted().forEach(member -> {
            DiskSample sample = Objects.requireNonNull(last.get(member));
            boolean whole = CONNECTED.contains(sample.connection())
                    && sample.disk().equals(UP_TO_DATE)
                    && sample.peerDisk().equals(UP_TO_DATE);
            if (!whole) {
                wrong.add(Evidence.of("When all was healed " + member + " said last, at " + Text.seconds(sample.at())
                        + ": " + sample.connection() + ", " + sample.disk() + "/" + sample.peerDisk() + "."));
            }
        });
        return wrong;
    }
}
