package io.github.pggauntlet.harness.history;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Records events in {@code events.jsonl} as they happen, with the same guarantees as {@link HistoryWriter}. Safe for use by
 * several threads.
 */
public final class EventWriter implements AutoCloseable {

    private final JsonLinesWriter lines;

    private EventWriter(JsonLinesWriter lines) {
        this.lines = lines;
    }

    /**
     * Creates the file, or empties it, and writes its first line.
     *
     * @throws RecordingException if that is not possible
     */
    public static EventWriter create(Path file, TimeAnchor anchor) {
        JsonLinesWriter lines = JsonLinesWriter.create(file);
        lines.append(line -> new Header(anchor).encode(line, Header.EVENTS));
        lines.flush();
        return new EventWriter(lines);
    }

    /**
     * Records an event.
     *
     * @throws RecordingException if this event or an earlier one could not be written: the run should end
     */
    public void append(RunEvent event) {
        lines.append(line -> {
            line.begin();
            encode(event, line);
            line.end();
        });
    }

    /**
     * Hands everything to the operating system.
     *
     * @throws RecordingException if something could not be written
     */
    public void flush() {
        lines.flush();
    }

    /** Why nothing more can be recorded, if that is so. */
    public Optional<RecordingException> failure() {
        return lines.failure();
    }

    /**
     * Completes the file. Does nothing the second time.
     *
     * @throws RecordingException if something could not be written
     */
    @Override
    public void close() {
        lines.close();
    }

    private static void encode(RunEvent event, LineEncoder line) {
        if (event instanceof RunEvent.Phase phase) {
            start(line, "phase", event).put("name", phase.name());
        } else if (event instanceof RunEvent.FaultMade fault) {
            start(line, "fault-made", event)
                    .put("made", fault.made())
                    .put("id", fault.id())
                    .put("kind", fault.kind())
                    .put("class", lower(fault.faultClass()))
                    .put("requested", fault.requested())
                    .put("resolved", fault.resolved())
                    .put("evidence", fault.evidence())
                    .put("sparing", fault.sparing());
        } else if (event instanceof RunEvent.FaultHealed fault) {
            start(line, "fault-healed", event).put("id", fault.id()).put("evidence", fault.evidence());
        } else if (event instanceof RunEvent.FaultNotMade fault) {
            start(line, "fault-not-made", event)
                    .put("id", fault.id())
                    .put("kind", fault.kind())
                    .put("requested", fault.requested())
                    .put("reason", fault.reason());
        } else if (event instanceof RunEvent.StatusSample sample) {
            start(line, "status", event);
            status(sample.status(), line);
        } else if (event instanceof RunEvent.Journal journal) {
            start(line, "journal", event);
            journal(journal.entry(), line);
        } else if (event instanceof RunEvent.Progress progress) {
            start(line, "progress", event)
                    .put("acknowledged", progress.acknowledged())
                    .put("unknown", progress.unknown())
                    .put("failed", progress.failed());
        } else if (event instanceof RunEvent.AddressSample sample) {
            start(line, "address", event).beginArray("owners");
            sample.owners().forEach(line::add);
            line.endArray();
        } else if (event instanceof RunEvent.AddressHeld held) {
            start(line, "address-held", event).beginArray("holders");
            held.holders().forEach(line::add);
            line.endArray().beginArray("silent");
            held.silent().forEach(line::add);
            line.endArray();
        } else if (event instanceof RunEvent.DiskSample disk) {
            start(line, "disk", event)
                    .put("member", disk.member())
                    .put("connection", disk.connection())
                    .put("role", disk.role())
                    .put("peerRole", disk.peerRole())
                    .put("disk", disk.disk())
                    .put("peerDisk", disk.peerDisk());
        } else if (event instanceof RunEvent.DisksCompared compared) {
            start(line, "disks-compared", event)
                    .put("member", compared.member())
                    .put("differing", compared.differing());
        } else if (event instanceof RunEvent.LogRead log) {
            start(line, "log-read", event).put("member", log.member()).put("lines", log.lines());
        } else if (event instanceof RunEvent.LogLine log) {
            start(line, "log-line", event)
                    .put("member", log.member())
                    .put("number", log.number())
                    .put("text", log.text());
        } else if (event instanceof RunEvent.Mended mended) {
            start(line, "mended", event)
                    .put("since", mended.since())
                    .put("limit", mended.limit())
                    .put("whole", mended.whole())
                    .put("said", mended.said());
        } else if (event instanceof RunEvent.HistoryRead read) {
            start(line, "history", event)
                    .put("member", read.member())
                    .put("leads", read.leads())
                    .put("timeline", read.history().timeline())
                    .beginArray("switches");
            read.history().switches().forEach(change -> line.add(change.timeline() + "@" + change.at()));
            line.endArray();
        } else if (event instanceof RunEvent.TableRead read) {
            start(line, "table", event)
                    .put("member", read.member())
                    .put("table", read.table())
                    .put("rows", read.rows())
                    .put("checksum", read.checksum());
        } else if (event instanceof RunEvent.DataChecked checked) {
            start(line, "data-checked", event)
                    .put("member", checked.member())
                    .put("sound", checked.sound())
                    .put("said", checked.said());
        } else if (event instanceof RunEvent.SlotSeen slot) {
            start(line, "slot", event)
                    .put("member", slot.member())
                    .put("slot", slot.slot())
                    .put("status", slot.status())
                    .put("kept", slot.kept())
                    .put("sinceCheckpoint", slot.sinceCheckpoint());
        } else if (event instanceof RunEvent.AddressTime time) {
            start(line, "address-time", event)
                    .put("member", time.member())
                    .put("soonest", time.soonest())
                    .put("latest", time.latest());
        } else if (event instanceof RunEvent.PowerCut cut) {
            start(line, "power-cut", event)
                    .put("off", cut.off())
                    .put("id", cut.id())
                    .put("by", cut.by())
                    .put("member", cut.member())
                    .put("evidence", cut.evidence());
        } else if (event instanceof RunEvent.PowerRestored restored) {
            start(line, "power-restored", event)
                    .put("id", restored.id())
                    .put("member", restored.member())
                    .put("evidence", restored.evidence());
        } else if (event instanceof RunEvent.WorkloadBegun begun) {
            start(line, "workload", event).put("workload", begun.workload()).begin("facts");
            new TreeMap<>(begun.facts()).forEach(line::put);
            line.end();
        } else if (event instanceof RunEvent.Cut cut) {
            start(line, "cut", event).put("reason", cut.reason());
        } else if (event instanceof RunEvent.Note note) {
            start(line, "note", event).put("text", note.text());
        }
    }

    private static LineEncoder start(LineEncoder line, String name, RunEvent event) {
        return line.put("event", name).put("at", event.at());
    }

    private static void status(NodeStatus status, LineEncoder line) {
        line.put("member", status.member())
                .put("answeredAt", status.at().toString())
                .put("role", lower(status.role()))
                .put("open", status.open());
        status.timeline().ifPresent(timeline -> line.put("timeline", timeline));
        status.lsn().ifPresent(lsn -> line.put("lsn", lsn.toString()));
        line.put("streaming", status.streaming());
        status.postmasterPid().ifPresent(pid -> line.put("postmasterPid", pid));
        line.beginArray("promotable");
        new TreeSet<>(status.promotable()).forEach(line::add);
        line.endArray().put("rewindReady", status.rewindReady()).putUnlessEmpty("note", status.note());
    }

    private static void journal(JournalEntry entry, LineEncoder line) {
        line.put("member", entry.member())
                .put("sequence", entry.sequence())
                .put("madeAt", entry.at().toString())
                .put("milestone", lower(entry.milestone()))
                .begin("details");
        // Sorted, so that the same events make the same file.
        new TreeMap<>(entry.details()).forEach(line::put);
        line.end();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
