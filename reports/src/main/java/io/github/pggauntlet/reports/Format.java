package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Ruling;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How numbers and rulings are written for people. */
final class Format {

    /** What stands where nothing is known. */
    static final String NOTHING = "–";

    private Format() {}

    /** A number with its thousands apart. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
    }

    /** A number and its noun. */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** An instant of the run, in seconds. */
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }

    /** An instant that may be missing. */
    static String seconds(OptionalLong nanos) {
        return nanos.isPresent() ? seconds(nanos.getAsLong()) : NOTHING;
    }

    /** A duration, as precise as its size asks for. */
    static String duration(long nanos) {
        double millis = nanos / 1e6;
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        return millis < 10_000
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    /** Milliseconds that may be missing. */
    static String millis(OptionalDouble millis) {
        return millis.isPresent() ? duration(Math.round(millis.getAsDouble() * 1e6)) : NOTHING;
    }

    /** A latency in microseconds; negative if there is none. */
    static String micros(long micros) {
        return micros < 0 ? NOTHING : duration(micros * 1000);
    }

    /** A name of an enum's constant in plain words. */
    static String words(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Details in one line. */
    static String details(Map<String, String> details) {
        return new TreeMap<>(details)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; "));
    }

    /** Rejoins by way in one line. */
    static String ways(Map<String, Integer> rejoins) {
        return rejoins.isEmpty()
                ? NOTHING
                : rejoins.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** A text, or a dash where it is empty. */
    static String orNothing(String text) {
        return text.isEmpty() ? NOTHING : text;
    }

    /** The ruling in one word; a run that was never judged has one too. */
    static String word(Optional<Ruling> ruling) {
        return ruling.map(Ruling::id).orElse("not judged");
    }

    /** A mark that tells rulings apart without colour. */
    static String mark(Optional<Ruling> ruling) {
        return ruling.map(each -> switch (each) {
                    case KEPT -> "✔";
                    case BROKEN -> "✘";
                    case INCONCLUSIVE -> "?";
                    case VACUOUS -> "○";
                })
                .orElse("…");
    }

    /** What the ruling means, in one sentence. */
    static String meaning(Optional<Ruling> ruling) {
        return ruling.map(each -> switch (each) {
                    case KEPT -> "Every promise was put to the test, and held.";
                    case BROKEN -> "The record proves that a promise did not hold.";
                    case INCONCLUSIVE -> "The record does not suffice to say whether every promise held.";
                    case VACUOUS -> "A promise was not put to the test, so this run shows nothing of it.";
                })
                .orElse("The run has no verdict; what was recorded of it is shown.");
    }
}
