package io.github.pggauntlet.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.reports.ReportModel.Interval;
import io.github.pggauntlet.reports.ReportModel.Lane;
import io.github.pggauntlet.reports.ReportModel.State;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AddressLanesTest {

    private static RunEvent sample(long at, String... owners) {
        return new RunEvent.AddressSample(at, List.of(owners));
    }

    private static Interval interval(long from, long to) {
        return new Interval(from, to, State.ADDRESS, OptionalInt.empty(), "");
    }

    @Test
    void eachOwnerHasALaneThatShowsWhenItAnswered() {
        List<Lane> lanes = AddressLanes.of(List.of(
                sample(10, "a"),
                sample(20, "a"),
                new RunEvent.Note(25, "in between"),
                sample(30),
                sample(40, "a", "b"),
                sample(50, "b")));

        assertThat(lanes)
                .containsExactly(
                        new Lane("a address", List.of(interval(0, 20), interval(30, 40)), List.of()),
                        new Lane("b address", List.of(interval(30, 50)), List.of()));
    }

    @Test
    void whatTheMachinesSayStandsBesideIt() {
        List<Lane> lanes = AddressLanes.of(List.of(
                sample(10, "a"),
                new RunEvent.AddressHeld(11, List.of("a"), List.of("b")),
                sample(20),
                new RunEvent.AddressHeld(21, List.of("a", "b"), List.of())));

        assertThat(lanes)
                .containsExactly(
                        new Lane("a address", List.of(interval(0, 10)), List.of()),
                        new Lane("a interface", List.of(interval(0, 21)), List.of()),
                        new Lane("b interface", List.of(interval(11, 21)), List.of()));
    }

    @Test
    void aRunWithoutAnAddressHasNone() {
        assertThat(AddressLanes.of(List.of(new RunEvent.Note(1, "nothing")))).isEmpty();
    }
}
