package io.github.pggauntlet.harness.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code history.jsonl}. */
public final class HistoryReader {

    private final List<Operation.Write> writes = new ArrayList<>();
    private final List<Operation.Read> reads = new ArrayList<>();
    private final List<Operation.Transaction> transactions = new ArrayList<>();
    // A million operations name the same few members and errors: keep each text once.
    private final Map<String, String> texts = new HashMap<>();
    private Optional<TimeAnchor> anchor = Optional.empty();

    private HistoryReader() {}

    /**
     * Reads a record that a {@link HistoryWriter} has written, also one whose writer was killed.
     *
     * @throws DamagedRunException if the record is missing, or damaged other than by a torn last line
     */
    public static History read(Path file) {
        HistoryReader reader = new HistoryReader();
        JsonLinesReader.read(file, reader::header, reader::operation);
        return new History(reader.anchor.orElseThrow(), reader.writes, reader.reads, reader.transactions);
    }

    private void header(Fields fields) {
        anchor = Optional.of(Header.decode(fields, Header.HISTORY).anchor());
    }

    private void operation(Fields fields) {
        String op = fields.text("op");
        switch (op) {
            case "write" -> writes.add(write(fields));
            case "read" -> reads.add(read(fields));
            case "transaction" -> transactions.add(transaction(fields));
            default -> throw new IllegalArgumentException("there is no operation '" + op + "'.");
        }
    }

    private Operation.Write write(Fields fields) {
        return new Operation.Write(
                fields.number("id"),
                fields.integer("session"),
                fields.oneOf(SessionKind.class, "kind"),
                fields.number("key"),
                fields.integer("keys"),
                fields.number("invoked"),
                fields.number("completed"),
                fields.oneOf(Outcome.class, "outcome"),
                once(fields.textOr("sqlstate", "")),
                once(fields.text("node")),
                fields.integer("timeline"),
                once(fields.textOr("detail", "")));
    }

    private Operation.Read read(Fields fields) {
        return new Operation.Read(
                once(fields.text("node")),
                fields.oneOf(Occasion.class, "occasion"),
                fields.number("invoked"),
                fields.number("completed"),
                fields.integer("timeline"),
                fields.flag("proven"),
                KeySet.parse(fields.text("keys")),
                fields.number("foreignRows"),
                fields.number("rows"),
                fields.text("digest"),
                fields.textOr("detail", ""));
    }

    private Operation.Transaction transaction(Fields fields) {
        List<Access> accesses = new ArrayList<>();
        fields.elements("accesses").forEach(access -> accesses.add(AccessLine.decode(new Fields(access))));
        return new Operation.Transaction(
                fields.number("id"),
                fields.integer("session"),
                fields.number("invoked"),
                fields.number("completed"),
                fields.oneOf(Outcome.class, "outcome"),
                once(fields.textOr("sqlstate", "")),
                once(fields.text("node")),
                fields.integer("timeline"),
                accesses,
                once(fields.textOr("detail", "")));
    }

    private String once(String text) {
        return texts.computeIfAbsent(text, same -> same);
    }
}
