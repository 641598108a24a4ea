package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Everything a checker may look at.
 *
 * @param history what the clients did
 * @param events what else happened
 * @param promises what the strategy promises
 */
public record RunRecord(History history, List<RunEvent> events, Promises promises) {

    public RunRecord {
        events = List.copyOf(events);
    }

    /**
     * The faults that put the strategy to the test, in order. Faults made after the final read are left out: they belong to
     * the examination, which needs one more failover, and meet no load.
     */
    public List<RunEvent.FaultMade> faults() {
        long end = examinationStart();
        return allFaults().filter(fault -> fault.at() < end).toList();
    }

    /** All faults in order, also those of the examination. */
    public Stream<RunEvent.FaultMade> allFaults() {
        return events(RunEvent.FaultMade.class).sorted(Comparator.comparingLong(RunEvent.FaultMade::at));
    }

    /**
     * What took members down, or may have: all faults, and between them the cuts of power that members have ordered, as if each
     * had been a fault by which a machine stopped dead. In order.
     */
    public List<RunEvent.FaultMade> blows() {
        Stream<RunEvent.FaultMade> cuts = events(RunEvent.PowerCut.class)
                .map(cut -> new RunEvent.FaultMade(
                        cut.at(),
                        cut.off(),
                        cut.id(),
                        "its power cut by " + cut.by(),
                        FaultClass.HOST_CRASH,
                        cut.member(),
                        cut.member(),
                        cut.evidence()));
        return Stream.concat(events(RunEvent.FaultMade.class), cuts)
                .sorted(Comparator.comparingLong(RunEvent.FaultMade::at))
                .toList();
    }

    /** When a fault, or a cut of power, was seen to be over; the end of time if it never was. */
    public long over(RunEvent.FaultMade fault) {
        return Stream.concat(
                        events(RunEvent.FaultHealed.class)
                                .filter(healed -> healed.id().equals(fault.id()))
                                .map(RunEvent.class::cast),
                        events(RunEvent.PowerRestored.class)
                                .filter(restored -> restored.id().equals(fault.id())))
                .mapToLong(RunEvent::at)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * When the examination began: as the record says, or with the first final read; the end of time if there was none. A read
     * that got no answer is not in the history.
     */
    public long examinationStart() {
        LongStream told = events(RunEvent.Phase.class)
                .filter(phase -> phase.name().equals(RunEvent.Phase.FINAL_READS))
                .mapToLong(RunEvent.Phase::at);
        LongStream read = history.reads().stream()
                .filter(one -> one.occasion() == Occasion.FINAL)
                .mapToLong(Operation.Read::invoked);
        return LongStream.concat(told, read).min().orElse(Long.MAX_VALUE);
    }

    /** The events of one kind, in the order of the record. */
    public <E extends RunEvent> Stream<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The acknowledged writes, in the order of the record. */
    public Stream<Operation.Write> acknowledged() {
        return history.writes().stream().filter(write -> write.outcome() == Outcome.ACKNOWLEDGED);
    }

    /** The members that have said something of themselves, or have not answered when asked. */
    public SortedSet<String> members() {
        SortedSet<String> members = new TreeSet<>();
        events(RunEvent.StatusSample.class)
                .forEach(sample -> members.add(sample.status().member()));
        return members;
    }

    /** What is promised for a fault, if anything. */
    public Optional<Promise> promise(FaultClass fault) {
        return promises.of(fault);
    }

    /**
     * Whether something is promised for every fault of the story, which is what makes it fair to hold what was seen at its end
     * against the strategy.
     */
    public boolean promisedThroughout(Predicate<Promise> what) {
        return faults().stream()
                .allMatch(fault -> promise(fault.faultClass()).filter(what).isPresent());
    }

    /** What is promised for the faults that were made, all of them together; nothing for a fault without a promise. */
    public List<Promise> promisesUnderTest() {
        return allFaults()
                .map(RunEvent.FaultMade::faultClass)
                .distinct()
                .flatMap(fault -> promises.of(fault).stream())
                .toList();
    }
}
