package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.Operation.Write;
import java.util.Locale;

/** How findings speak of writes and times. */
final class Text {

    private Text() {}

    /** A time since the run's start, or a duration, in seconds with three decimals. */
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }

    /** A duration in milliseconds. */
    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.0f ms", nanos / 1e6);
    }

    /** A number and its noun. */
    static String count(long number, String one, String many) {
        return number == 1 ? "1 " + one : number + " " + many;
    }

    /** With a capital letter and a full stop. */
    static String sentence(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    /** No longer than so many characters. */
    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + " ...";
    }

    /** A write and what became of it. */
    static String write(Write write) {
        String keys =
                write.keys() == 1 ? "key " + write.firstKey() : "keys " + write.firstKey() + "-" + write.lastKey();
        String where = write.node().isEmpty() ? "" : " by " + write.node();
        String when = write.timeline() == 0 ? "" : " on timeline " + write.timeline();
        return "write " + write.id() + " (" + keys + "), "
                + write.outcome().name().toLowerCase(Locale.ROOT) + where + when + " at "
                + seconds(write.completed());
    }
}
