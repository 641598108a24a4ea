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

/** When each member answered for the virtual address, as a lane beside its roles. None where there is no address. */
final class AddressLanes {

    private AddressLanes() {}

    static List<Lane> of(List<RunEvent> events) {
        Map<String, List<Interval>> byOwner = new TreeMap<>();
        long before = 0;
        for (RunEvent event : events) {
            if (event instanceof RunEvent.AddressSample sample) {
                for (String owner : sample.owners()) {
                    extend(byOwner.computeIfAbsent(owner, name -> new ArrayList<>()), before, sample.at());
                }
                before = sample.at();
            }
        }
        List<Lane> lanes = new ArrayList<>();
        byOwner.forEach((owner, intervals) -> lanes.add(new Lane(owner + " address", intervals, List.of())));
        return lanes;
    }

    /** A sample tells of the time since the one before it. */
    private static void extend(List<Interval> intervals, long from, long to) {
        boolean goesOn =
                !intervals.isEmpty() && intervals.get(intervals.size() - 1).to() == from;
        long begin = goesOn ? intervals.remove(intervals.size() - 1).from() : from;
        intervals.add(new Interval(begin, to, State.ADDRESS, OptionalInt.empty(), ""));
    }
}
