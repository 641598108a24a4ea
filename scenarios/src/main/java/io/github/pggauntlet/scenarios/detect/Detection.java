package io.github.pggauntlet.scenarios.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What the harness has seen and what not. The content of {@code detection.json}.
 *
 * @param sightings what came of looking for each mistake
 * @param sound what came of the sound strategies
 */
public record Detection(List<Sighting> sightings, List<SoundRun> sound) {

    private static final int LONGEST = 160;

    public Detection {
        sightings = List.copyOf(sightings);
        sound = List.copyOf(sound);
    }

    /** Nothing has been looked for yet. */
    static Detection none() {
        return new Detection(List.of(), List.of());
    }

    /** With another sighting, which takes the place of an earlier one of the same strategy. */
    Detection with(Sighting other) {
        List<Sighting> all = new ArrayList<>(sightings);
        all.removeIf(one -> one.strategy().equals(other.strategy()));
        all.add(other);
        List<String> order = Mistakes.all().stream().map(Mistake::strategy).toList();
        all.sort(Comparator.comparingInt(one -> order.indexOf(one.strategy())));
        return new Detection(all, sound);
    }

    /** With another run of a sound strategy. */
    Detection with(SoundRun other) {
        List<SoundRun> all = new ArrayList<>(sound);
        all.removeIf(one ->
                one.strategy().equals(other.strategy()) && one.way().equals(other.way()) && one.seed() == other.seed());
        all.add(other);
        return new Detection(sightings, all);
    }

    /** How many were found. */
    public long found() {
        return sightings.stream().filter(Sighting::found).count();
    }

    /** How often a sound strategy was taken for a broken one. */
    public long falseAlarms() {
        return sound.stream().filter(run -> run.verdict().equals("broken")).count();
    }

    /** The same as Markdown: a table of the mistakes, and one of what the sound strategies came to. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(found()).append(" of ").append(sightings.size()).append(" found.\n\n");
        text.append(
                        "| broken strategy | undoes | failure | found | by the checker | tries | seconds | smallest schedule |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (Sighting one : sightings) {
            text.append("| `")
                    .append(one.strategy())
                    .append("` | ")
                    .append(cell(one.safeguard()))
                    .append(" | ");
            text.append(one.failure())
                    .append(" | ")
                    .append(one.found() ? "yes" : "**no**")
                    .append(" | ");
            text.append(one.checkers().isEmpty() ? "none" : String.join(", ", one.checkers()))
                    .append(" | ");
            text.append(one.tries()).append(one.byLot() ? ", by lot" : "").append(" | ");
            text.append(String.format(Locale.ROOT, "%.0f", one.seconds())).append(" | ");
            text.append(cell(one.schedule())).append(" |\n");
        }
        if (!sound.isEmpty()) {
            sound(text);
        }
        return text.toString();
    }

    private void sound(StringBuilder text) {
        int failovers = sound.stream().mapToInt(SoundRun::failovers).sum();
        int faults = sound.stream().mapToInt(SoundRun::faults).sum();
        text.append("\nThe sound strategies on the same schedules: ")
                .append(sound.size())
                .append(" runs, ");
        text.append(faults).append(" faults, ").append(failovers).append(" failovers, ");
        text.append(falseAlarms()).append(" false alarms.\n\n");
        text.append("| sound strategy | schedule | seed | verdict | faults | failovers | what was said |\n")
                .append("|---|---|---|---|---|---|---|\n");
        for (SoundRun run : sound) {
            text.append("| `")
                    .append(run.strategy())
                    .append("` | ")
                    .append(cell(run.way()))
                    .append(" | ");
            text.append(run.seed())
                    .append(" | ")
                    .append(run.verdict())
                    .append(" | ")
                    .append(run.faults());
            text.append(" | ")
                    .append(run.failovers())
                    .append(" | ")
                    .append(cell(run.said()))
                    .append(" |\n");
        }
    }

    private static String cell(String text) {
        String line = text.replace('\n', ' ').replace("|", "\\|");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
