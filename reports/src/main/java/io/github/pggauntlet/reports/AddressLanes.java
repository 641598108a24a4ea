package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.reports.ReportModel.Interval;
import io.github.pggauntlet.reports.ReportModel.Lane;
import io.github.pggauntlet.reports.ReportModel.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * When each member answered for the virtual address, asked from outside, and when it had it on an interface, asked on the
 * machine: two lanes beside its roles. None where there is no address.
 */
final class AddressLanes {

    private AddressLanes() {}

    /** Who was named by one kind of sample, and when. */
    private static final class Census {

        private final Map<String, List<Interval>> byOwner = new TreeMap<>();
        private long before;

        /** A sample tells of the time since the one before it. */
        void add(long at, List<String> owners) {
            for (String owner : owners) {
                List<Interval> intervals = byOwner.computeIfAbsent(owner, name -> new ArrayList<>());
                boolean goesOn = !intervals.isEmpty()
                        && intervals.get(intervals.size() - 1).to() == before;
                long begin = goesOn ? intervals.remove(intervals.size() - 1).from() : before;
                intervals.add(new Interval(begin, at, State.ADDRESS, OptionalInt.empty(), ""));
            }
            before = at;
        }
    }

    static List<Lane> of(List<RunEvent> events) {
        Census answers = new Census();
        Census interfaces = new Census();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.AddressSample sample) {
                answers.add(sample.at(), sample.owners());
            } else if (event instanceof RunEvent.AddressHeld held) {
                interfaces.add(held.at(), held.holders());
            }
        }
        Map<String, Lane> lanes = new TreeMap<>();
        lanes.putAll(named(answers, " address"));
        lanes.putAll(named(interfaces, " interface"));
        return List.copyOf(lanes.values());
    }

    private static Map<String, Lane> named(Census census, String suffix) {
        Map<String, Lane> lanes = new TreeMap<>();
        census.byOwner.forEach(
                (owner, intervals) -> lanes.put(owner + suffix, new Lane(owner + suffix, intervals, List.of())));
        return lanes;
    }
}
