package io.github.pggauntlet.harness.history;

import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads {@code events.jsonl}. */
public final class EventReader {

    private EventReader() {}

    /**
     * Reads a record that an {@link EventWriter} has written, also one whose writer was killed.
     *
     * @return the events in the order in which they were recorded
     * @throws DamagedRunException if the record is missing, or damaged other than by a torn last line
     */
    public static List<RunEvent> read(Path file) {
        List<RunEvent> events = new ArrayList<>();
        JsonLinesReader.read(file, fields -> Header.decode(fields, Header.EVENTS), fields -> events.add(event(fields)));
        return List.copyOf(events);
    }

    private static RunEvent event(Fields fields) {
        String event = fields.text("event");
        long at = fields.number("at");
        return switch (event) {
            case "phase" -> new RunEvent.Phase(at, fields.text("name"));
            case "fault-made" ->
                new RunEvent.FaultMade(
                        at,
                        fields.number("made"),
                        fields.text("id"),
                        fields.text("kind"),
                        fields.oneOf(FaultClass.class, "class"),
                        fields.text("requested"),
                        fields.text("resolved"),
                        fields.text("evidence"),
                        fields.has("sparing") && fields.flag("sparing"));
            case "fault-healed" -> new RunEvent.FaultHealed(at, fields.text("id"), fields.text("evidence"));
            case "fault-not-made" ->
                new RunEvent.FaultNotMade(
                        at, fields.text("id"), fields.text("kind"), fields.text("requested"), fields.text("reason"));
            case "status" -> new RunEvent.StatusSample(at, status(fields));
            case "journal" -> new RunEvent.Journal(at, journal(fields));
            case "progress" ->
                new RunEvent.Progress(
                        at, fields.number("acknowledged"), fields.number("unknown"), fields.number("failed"));
            case "address" ->
                new RunEvent.AddressSample(
                        at, fields.names("owners").stream().sorted().toList());
            case "address-held" ->
                new RunEvent.AddressHeld(
                        at,
                        fields.names("holders").stream().sorted().toList(),
                        fields.names("silent").stream().sorted().toList());
            case "disk" ->
                new RunEvent.DiskSample(
                        at,
                        fields.text("member"),
                        fields.text("connection"),
                        fields.text("role"),
                        fields.text("peerRole"),
                        fields.text("disk"),
                        fields.text("peerDisk"));
            case "disks-compared" -> new RunEvent.DisksCompared(at, fields.text("member"), fields.number("differing"));
            case "log-read" -> new RunEvent.LogRead(at, fields.text("member"), fields.number("lines"));
            case "log-line" ->
                new RunEvent.LogLine(at, fields.text("member"), fields.number("number"), fields.text("text"));
            case "mended" ->
                new RunEvent.Mended(
                        at, fields.number("since"), fields.number("limit"), fields.flag("whole"), fields.text("said"));
            case "history" ->
                new RunEvent.HistoryRead(at, fields.text("member"), fields.flag("leads"), history(fields));
            case "table" ->
                new RunEvent.TableRead(
                        at,
                        fields.text("member"),
                        fields.text("table"),
                        fields.number("rows"),
                        fields.text("checksum"));
            case "data-checked" ->
                new RunEvent.DataChecked(at, fields.text("member"), fields.flag("sound"), fields.text("said"));
            case "slot" ->
                new RunEvent.SlotSeen(
                        at,
                        fields.text("member"),
                        fields.text("slot"),
                        fields.text("status"),
                        fields.number("kept"),
                        fields.number("sinceCheckpoint"));
            case "address-time" ->
                new RunEvent.AddressTime(at, fields.text("member"), fields.number("soonest"), fields.number("latest"));
            case "power-cut" ->
                new RunEvent.PowerCut(
                        at,
                        fields.number("off"),
                        fields.text("id"),
                        fields.text("by"),
                        fields.text("member"),
                        fields.text("evidence"));
            case "power-restored" ->
                new RunEvent.PowerRestored(at, fields.text("id"), fields.text("member"), fields.text("evidence"));
            case "workload" -> new RunEvent.WorkloadBegun(at, fields.text("workload"), fields.texts("facts"));
            case "cut" -> new RunEvent.Cut(at, fields.text("reason"));
            case "note" -> new RunEvent.Note(at, fields.text("text"));
            default -> throw new IllegalArgumentException("there is no event '" + event + "'.");
        };
    }

    private static TimelineHistory history(Fields fields) {
        return TimelineHistory.parse(
                fields.integer("timeline"),
                fields.names("switches").stream()
                        .map(change -> change.replace('@', '\t'))
                        // Names come as a set; a history has an order.
                        .sorted(Comparator.comparingInt(
                                line -> Integer.parseInt(line.substring(0, line.indexOf('\t')))))
                        .collect(Collectors.joining("\n")));
    }

    private static NodeStatus status(Fields fields) {
        return new NodeStatus(
                fields.text("member"),
                instant(fields, "answeredAt"),
                fields.oneOf(NodeRole.class, "role"),
                fields.flag("open"),
                fields.has("timeline") ? OptionalInt.of(fields.integer("timeline")) : OptionalInt.empty(),
                fields.maybeText("lsn").map(Lsn::parse),
                fields.flag("streaming"),
                fields.has("postmasterPid") ? OptionalLong.of(fields.number("postmasterPid")) : OptionalLong.empty(),
                fields.names("promotable"),
                fields.flag("rewindReady"),
                fields.textOr("note", ""));
    }

    private static JournalEntry journal(Fields fields) {
        return new JournalEntry(
                fields.number("sequence"),
                instant(fields, "madeAt"),
                fields.text("member"),
                fields.oneOf(Milestone.class, "milestone"),
                fields.texts("details"));
    }

    private static Instant instant(Fields fields, String name) {
        try {
            return Instant.parse(fields.text(name));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the field '" + name + "' is not an instant.", e);
        }
    }
}
