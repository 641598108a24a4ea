package io.github.pggauntlet.harness.check.conformance;

import io.github.pggauntlet.harness.check.model.WingGongLowe;
import io.github.pggauntlet.harness.check.model.WingGongLowe.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads the histories that porcupine publishes. */
final class PorcupineHistories {

    private static final Pattern ETCD = Pattern.compile("INFO\\s+jepsen\\.util - (\\d+)\\s+:(\\w+)\\s+:(\\w+)\\s+(.*)");
    private static final Pattern KV =
            Pattern.compile("\\{:process (\\d+), :type :(\\w+), :f :(\\w+), :key \"(.*)\", :value (nil|\"(.*)\")}");

    private PorcupineHistories() {}

    /** An operation on a register: read, write or compare-and-set. A result of -1 is not known, 0 is nil or failed. */
    record Etcd(String name, int first, int second, int result) {}

    /** An operation on a string: get, put or append. */
    record Kv(String name, String value) {}

    static Map<String, Boolean> expected() {
        Map<String, Boolean> expected = new TreeMap<>();
        for (String line : new String(resource("expected.txt"), StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.split(" ");
            expected.put(fields[0], Boolean.valueOf(fields[1]));
        }
        return expected;
    }

    static Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        try (InputStream raw = open("histories.zip");
                ZipInputStream zip = new ZipInputStream(raw)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                texts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    private static byte[] resource(String name) {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(PorcupineHistories.class.getResourceAsStream("/porcupine/" + name), name);
    }

    /** The calls of a history on an etcd register. The time is the number of the line. */
    static List<Call<Etcd>> etcd(String text) {
        List<Call<Etcd>> calls = new ArrayList<>();
        Map<String, Call<Etcd>> open = new HashMap<>();
        long line = 0;
        for (String entry : text.split("\n")) {
            line++;
            Matcher matcher = ETCD.matcher(entry.strip());
            if (!matcher.matches()) {
                continue;
            }
            String process = matcher.group(1);
            String type = matcher.group(2);
            int[] numbers = numbers(matcher.group(4));
            if (type.equals("invoke")) {
                open.put(
                        process,
                        new Call<>(new Etcd(matcher.group(3), numbers[0], numbers[1], -1), line, Long.MAX_VALUE, true));
            } else if (type.equals("ok") || matcher.group(4).startsWith("[")) {
                Call<Etcd> call = Objects.requireNonNull(open.remove(process));
                int result = call.operation().name().equals("read") ? numbers[0] : type.equals("ok") ? 1 : 0;
                Etcd done = new Etcd(
                        call.operation().name(),
                        call.operation().first(),
                        call.operation().second(),
                        result);
                calls.add(new Call<>(done, call.invoked(), line, false));
            } else if (type.equals("fail")) {
                open.remove(process);
            }
        }
        calls.addAll(open.values());
        return calls;
    }

    /** Numbers in a text; 0 for nil. Values of the histories are from 0 on and moved by one. */
    private static int[] numbers(String text) {
        Matcher digits = Pattern.compile("\\d+").matcher(text);
        int first = digits.find() ? Integer.parseInt(digits.group()) + 1 : 0;
        int second = digits.find() ? Integer.parseInt(digits.group()) + 1 : 0;
        return new int[] {first, second};
    }

    static final WingGongLowe.Model<Integer, Etcd> ETCD_MODEL = new WingGongLowe.Model<>() {
        @Override
        public Integer initial() {
            return 0;
        }

        @Override
        public Optional<Integer> step(Integer state, Etcd operation) {
            return switch (operation.name()) {
                case "read" ->
                    operation.result() == -1 || operation.result() == state ? Optional.of(state) : Optional.empty();
                case "write" -> Optional.of(operation.first());
                default -> {
                    boolean fits = operation.first() == state;
                    boolean allowed = operation.result() == -1 || fits == (operation.result() == 1);
                    yield allowed ? Optional.of(fits ? operation.second() : state) : Optional.empty();
                }
            };
        }
    };

    /** The calls of a history on strings, by key. */
    static Map<String, List<Call<Kv>>> kv(String text) {
        Map<String, List<Call<Kv>>> calls = new TreeMap<>();
        Map<String, Call<Kv>> open = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        long line = 0;
        for (String entry : text.split("\n")) {
            line++;
            Matcher matcher = KV.matcher(entry.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(entry);
            }
            String process = matcher.group(1);
            String value = matcher.group(6) == null ? "" : matcher.group(6);
            Call<Kv> call = new Call<>(new Kv(matcher.group(3), value), line, Long.MAX_VALUE, true);
            if (matcher.group(2).equals("invoke")) {
                open.put(process, call);
                keys.put(process, matcher.group(4));
            } else {
                long invoked = Objects.requireNonNull(open.remove(process)).invoked();
                calls.computeIfAbsent(matcher.group(4), key -> new ArrayList<>())
                        .add(new Call<>(call.operation(), invoked, line, false));
            }
        }
        open.forEach((process, call) -> {
            if (!call.operation().name().equals("get")) {
                calls.computeIfAbsent(keys.get(process), key -> new ArrayList<>())
                        .add(call);
            }
        });
        return calls;
    }

    static final WingGongLowe.Model<String, Kv> KV_MODEL = new WingGongLowe.Model<>() {
        @Override
        public String initial() {
            return "";
        }

        @Override
        public Optional<String> step(String state, Kv operation) {
            return switch (operation.name()) {
                case "get" -> operation.value().equals(state) ? Optional.of(state) : Optional.empty();
                case "put" -> Optional.of(operation.value());
                default -> Optional.of(state + operation.value());
            };
        }
    };
}
