package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.PowerSwitch;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import java.time.Instant;

/** Records what becomes of the machines' power. */
final class RecordedPower implements PowerSwitch.Sink {

    private final EventWriter events;
    private final RunClock clock;
    private final RunListener listener;

    RecordedPower(EventWriter events, RunClock clock, RunListener listener) {
        this.events = events;
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public void cut(String id, String by, String member, Instant from, Instant to, String evidence) {
        events.append(
                new RunEvent.PowerCut(clock.anchor().nanos(from), clock.anchor().nanos(to), id, by, member, evidence));
        listener.note(by + " has had the power of " + member + " cut.");
    }

    @Override
    public void restored(String id, String member, Instant at, String evidence) {
        events.append(new RunEvent.PowerRestored(clock.anchor().nanos(at), id, member, evidence));
        listener.note("The power of " + member + " is back.");
    }

    @Override
    public void note(String text) {
        events.append(new RunEvent.Note(clock.nanos(), text));
        listener.note(text);
    }
}
