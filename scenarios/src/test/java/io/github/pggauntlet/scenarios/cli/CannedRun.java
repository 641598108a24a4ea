package io.github.pggauntlet.scenarios.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Records of real runs, small enough to be kept among the tests. */
enum CannedRun {
    /** {@code streaming} went through one cycle and kept everything. */
    KEPT,
    /** {@code broken-lazy-commit} went through one cycle and lost writes. */
    BROKEN;

    /** Lays the run's folder out at {@code folder}, with the verdict that was given at the time. */
    Path into(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : new String[] {"plan.json", "verdict.json", "history.jsonl.gz", "events.jsonl.gz"}) {
            String resource = "/canned/" + name().toLowerCase(Locale.ROOT) + "/" + name;
            try (InputStream raw = CannedRun.class.getResourceAsStream(resource)) {
                boolean packed = name.endsWith(".gz");
                try (InputStream in = packed ? new GZIPInputStream(raw) : raw) {
                    Files.copy(in, folder.resolve(packed ? name.substring(0, name.length() - 3) : name));
                }
            }
        }
        return folder;
    }

    /** Cuts a file of JSON Lines in the midst of a line, about {@code share} of the way through, as a kill does. */
    static void tear(Path file, double share) throws IOException {
        String text = Files.readString(file);
        int from = text.indexOf('\n', (int) (text.length() * share));
        int to = text.indexOf('\n', from + 1);
        Files.writeString(file, text.substring(0, (from + to) / 2));
    }

    /** Leaves of a run's record what was there when the first fault had just been made. */
    static void killAfterFirstFault(Path folder) throws IOException {
        List<String> events = Files.readAllLines(folder.resolve("events.jsonl"));
        int fault = IntStream.range(0, events.size())
                .filter(i -> events.get(i).contains("\"fault-made\""))
                .findFirst()
                .orElseThrow();
        long made = number("made", events.get(fault)).orElseThrow();
        Files.write(folder.resolve("events.jsonl"), events.subList(0, fault + 1));
        Files.write(
                folder.resolve("history.jsonl"),
                Files.readAllLines(folder.resolve("history.jsonl")).stream()
                        .filter(line -> number("completed", line).orElse(0) <= made)
                        .toList());
    }

    private static OptionalLong number(String field, String line) {
        Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(line);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** Puts something that is not JSON in the place of a line. */
    static void damage(Path file, int line) throws IOException {
        String[] lines = Files.readString(file).split("\n", -1);
        lines[line - 1] = "{\"op\":\"wri";
        Files.write(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
}
