package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.strategy.NodeStatus;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Tells how a run goes on: on a terminal in one line that is written over again and again, elsewhere in a line for each
 * thing that happens.
 */
final class ProgressLine implements RunListener, AutoCloseable {

    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final long begin = System.nanoTime();
    private String phase = "";
    private String fault = "";
    private boolean open;

    /**
     * @param out where to
     * @param terminal whether a line can be written over there
     */
    ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public synchronized void phase(String name) {
        phase = name;
        say(name);
    }

    @Override
    public synchronized void faultMade(String description) {
        fault = description;
        say("  fault: " + description);
    }

    @Override
    public synchronized void faultHealed(String description) {
        fault = "";
        say("  healed: " + description);
    }

    @Override
    public synchronized void note(String text) {
        say("  note: " + text);
    }

    @Override
    public synchronized void progress(long acknowledged, long perSecond, List<NodeStatus> statuses) {
        if (!terminal) {
            return;
        }
        String roles = statuses.stream()
                .map(node -> node.member() + " " + node.role().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        out.printf(
                "%s%s  %s | %s | %d/s%s", ERASE, time(), phase, roles, perSecond, fault.isEmpty() ? "" : " | " + fault);
        out.flush();
        open = true;
    }

    private void say(String text) {
        if (open) {
            out.print(ERASE);
            open = false;
        }
        out.println(time() + "  " + text);
        out.flush();
    }

    private String time() {
        return String.format(Locale.ROOT, "%6.1f s", (System.nanoTime() - begin) / 1e9);
    }

    @Override
    public void close() {
        end();
    }

    /** Leaves the line empty for what is told next. */
    synchronized void end() {
        if (open) {
            out.print(ERASE);
            out.flush();
            open = false;
        }
    }
}
