package io.github.pggauntlet.harness.history;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** How an access is written in {@code history.jsonl}, and read. */
final class AccessLine {

    private AccessLine() {}

    static void encode(Access access, LineEncoder line) {
        line.begin();
        if (access instanceof Access.Append append) {
            line.put("do", "append").put("key", append.key()).put("value", append.value());
            known(line, "place", append.place());
        } else if (access instanceof Access.ReadList read) {
            line.put("do", "list").put("key", read.key()).beginArray("values");
            read.values().forEach(line::add);
            line.endArray();
        } else if (access instanceof Access.Get get) {
            line.put("do", "get").put("key", get.key()).put("version", get.version());
            get.value().ifPresent(value -> line.put("value", value));
        } else if (access instanceof Access.Put put) {
            line.put("do", "put").put("key", put.key()).put("value", put.value());
            known(line, "version", put.version());
            put.expected().ifPresent(value -> line.put("expected", value));
        } else if (access instanceof Access.Balances balances) {
            line.put("do", "balances").beginArray("accounts");
            balances.accounts().forEach(line::add);
            line.endArray();
        } else if (access instanceof Access.Transfer transfer) {
            line.put("do", "transfer")
                    .put("from", transfer.from())
                    .put("to", transfer.to())
                    .put("amount", transfer.amount());
        } else if (access instanceof Access.Note note) {
            line.put("do", "note").put("id", note.id());
        } else if (access instanceof Access.Notes notes) {
            line.put("do", "notes").put("ids", notes.ids().toString());
        }
        line.end();
    }

    private static void known(LineEncoder line, String name, int number) {
        if (number != Access.UNKNOWN) {
            line.put(name, number);
        }
    }

    static Access decode(Fields fields) {
        String what = fields.text("do");
        return switch (what) {
            case "append" -> new Access.Append(fields.integer("key"), fields.integer("value"), known(fields, "place"));
            case "list" -> {
                List<Integer> values = new ArrayList<>();
                fields.elements("values")
                        .forEach(value -> values.add(whole(value).intValue()));
                yield new Access.ReadList(fields.integer("key"), values);
            }
            case "get" -> new Access.Get(fields.integer("key"), fields.integer("version"), maybe(fields, "value"));
            case "put" ->
                new Access.Put(
                        fields.integer("key"),
                        fields.number("value"),
                        known(fields, "version"),
                        maybe(fields, "expected"));
            case "balances" -> {
                List<Long> accounts = new ArrayList<>();
                fields.elements("accounts").forEach(value -> accounts.add(whole(value)));
                yield new Access.Balances(accounts);
            }
            case "transfer" ->
                new Access.Transfer(fields.integer("from"), fields.integer("to"), fields.number("amount"));
            case "note" -> new Access.Note(fields.number("id"));
            case "notes" -> new Access.Notes(KeySet.parse(fields.text("ids")));
            default -> throw new IllegalArgumentException("there is no access '" + what + "'.");
        };
    }

    private static int known(Fields fields, String name) {
        return fields.has(name) ? fields.integer(name) : Access.UNKNOWN;
    }

    private static OptionalLong maybe(Fields fields, String name) {
        return fields.has(name) ? OptionalLong.of(fields.number(name)) : OptionalLong.empty();
    }

    private static Long whole(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("'" + value + "' is not a whole number.");
        }
        return value.longValue();
    }
}
