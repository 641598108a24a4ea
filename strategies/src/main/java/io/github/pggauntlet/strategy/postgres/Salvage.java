package io.github.pggauntlet.strategy.postgres;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Data directories that were replaced and are kept aside, so that what only they hold can be salvaged: so many of them at
 * most, and none that takes the room which a new copy needs. Each is named by when and why it was replaced.
 */
final class Salvage {

    private static final Duration QUICK = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern BYTES = Pattern.compile("^\\d{1,18}");
    private static final int LONGEST_REASON = 60;

    private final Host host;
    private final PostgresLayout layout;
    private final int kept;

    Salvage(Host host, PostgresLayout layout, int kept) {
        this.host = host;
        this.layout = layout;
        this.kept = kept;
    }

    /** The name under which a directory is kept. */
    String nameFor(Instant when, String reason) {
        String slug =
                reason.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return layout.salvage() + "-" + TIME.format(when) + "-"
                + slug.substring(0, Math.min(slug.length(), LONGEST_REASON));
    }

    /** What is kept now, oldest first. */
    List<String> list() throws InterruptedException {
        String name = layout.salvage().substring(layout.salvage().lastIndexOf('/') + 1);
        return run(QUICK, "find", layout.base(), "-maxdepth", "1", "-type", "d", "-name", name + "*")
                .lines()
                .filter(line -> !line.isBlank())
                .sorted()
                .toList();
    }

    /**
     * Makes room for a new copy: of what is kept the oldest goes first, and as a last resort the directory that is to be
     * replaced itself, which would be worth less than a member that can work.
     *
     * @param needed how many bytes the copy needs
     * @return what was dropped
     */
    List<String> makeRoom(long needed) throws InterruptedException {
        List<String> dropped = new ArrayList<>();
        for (String candidate : list()) {
            if (free() >= needed) {
                return dropped;
            }
            drop(candidate);
            dropped.add(candidate);
        }
        long free = free();
        // Not for nothing: what cannot make enough room stays.
        if (free < needed && free + size(layout.data()) >= needed) {
            drop(layout.data());
            dropped.add(layout.data());
        }
        return dropped;
    }

    private long size(String directory) throws InterruptedException {
        // Of a directory that is not there, or in which something cannot be read, what was counted until then.
        String output = host.run(Command.of(LONG, "du", "--summarize", "--block-size=1", directory))
                .output();
        Matcher bytes = BYTES.matcher(output);
        return bytes.find() ? Long.parseLong(bytes.group()) : 0;
    }

    /**
     * Puts the data directory aside, or away if none are kept, and drops what is one too many.
     *
     * @return what was dropped
     */
    List<String> putAside(Instant when, String reason) throws InterruptedException {
        run(QUICK, "mv", "-T", layout.data(), nameFor(when, reason));
        List<String> all = list();
        List<String> surplus = all.subList(0, Math.max(0, all.size() - kept));
        for (String one : surplus) {
            drop(one);
        }
        return surplus;
    }

    private void drop(String directory) throws InterruptedException {
        run(LONG, "rm", "-rf", directory);
    }

    private long free() throws InterruptedException {
        String[] lines = run(QUICK, "df", "--output=avail", "--block-size=1", layout.base())
                .strip()
                .split("\\R");
        try {
            return Long.parseLong(lines[lines.length - 1].strip());
        } catch (NumberFormatException e) {
            // Not known: nothing is dropped for want of room, and a copy that finds none says so.
            return Long.MAX_VALUE;
        }
    }

    private String run(Duration limit, String... arguments) throws InterruptedException {
        return host.run(new Command(List.of(arguments), Map.of("LC_ALL", "C"), limit))
                .orFail()
                .output();
    }
}
