package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How an agent's words look on their way: one line for each thing, fields apart by tabulators, values as in an URL. It spares
 * the agent a library, and the machine the time to load one. Pure.
 */
final class Lines {

    private static final int ENTRY_FIELDS = 5;
    private static final String YES = "yes";

    private Lines() {}

    static String of(JournalEntry entry) {
        return String.join(
                "\t",
                Long.toString(entry.sequence()),
                entry.at().toString(),
                entry.member(),
                entry.milestone().name(),
                pairs(entry.details(), "&"));
    }

    /** An entry; empty where the line is none, as the last one may be when the power fails. */
    static Optional<JournalEntry> entry(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != ENTRY_FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JournalEntry(
                    Long.parseLong(fields[0]),
                    Instant.parse(fields[1]),
                    fields[2],
                    Milestone.valueOf(fields[3]),
                    map(List.of(fields[4].split("&")))));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    static String of(NodeStatus status) {
        Map<String, String> values = new TreeMap<>();
        values.put("member", status.member());
        values.put("at", status.at().toString());
        values.put("role", status.role().name());
        values.put("open", status.open() ? YES : "");
        status.timeline().ifPresent(timeline -> values.put("timeline", Integer.toString(timeline)));
        values.put("streaming", status.streaming() ? YES : "");
        status.postmasterPid().ifPresent(pid -> values.put("postmaster", Long.toString(pid)));
        values.put("promotable", String.join(" ", status.promotable()));
        values.put("note", status.note());
        return pairs(values, "\n") + "\n";
    }

    /** @throws IllegalArgumentException if it is no status */
    static NodeStatus status(String text) {
        Map<String, String> values = map(text.lines().toList());
        try {
            boolean primary = NodeRole.valueOf(values.getOrDefault("role", "")) == NodeRole.PRIMARY;
            return new NodeStatus(
                    values.getOrDefault("member", ""),
                    Instant.parse(values.getOrDefault("at", "")),
                    NodeRole.valueOf(values.getOrDefault("role", "")),
                    YES.equals(values.get("open")),
                    values.containsKey("timeline")
                            ? OptionalInt.of(Integer.parseInt(values.getOrDefault("timeline", "")))
                            : OptionalInt.empty(),
                    Optional.empty(),
                    YES.equals(values.get("streaming")),
                    values.containsKey("postmaster")
                            ? OptionalLong.of(Long.parseLong(values.getOrDefault("postmaster", "")))
                            : OptionalLong.empty(),
                    words(values.getOrDefault("promotable", "")),
                    primary,
                    values.getOrDefault("note", ""));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("That is no time: " + values.get("at"), e);
        }
    }

    private static Set<String> words(String text) {
        return text.isBlank() ? Set.of() : Set.of(text.split(" "));
    }

    private static String pairs(Map<String, String> values, String between) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(pair -> coded(pair.getKey()) + "=" + coded(pair.getValue()))
                        .collect(Collectors.joining(between));
    }

    private static Map<String, String> map(List<String> pairs) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : pairs) {
            int at = pair.indexOf('=');
            if (at > 0) {
                values.put(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
            }
        }
        return values;
    }

    private static String coded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }

    /** The entries of a journal's lines, with a greater sequence than {@code after}. */
    static List<JournalEntry> entries(List<String> lines, long after) {
        List<JournalEntry> entries = new ArrayList<>();
        for (String line : lines) {
            entry(line).filter(entry -> entry.sequence() > after).ifPresent(entries::add);
        }
        return List.copyOf(entries);
    }
}
