package io.github.pggauntlet.scenarios.campaign;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.fault.FaultKind;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.fault.ScheduleJava;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Candidate;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Limits;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Minimum;
import io.github.pggauntlet.harness.fault.ScheduleModel;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.RunFiles;
import io.github.pggauntlet.harness.run.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Looks for the smallest schedule that breaks what a run broke, by running smaller ones, and leaves it as JSON to be played again
 * and as Java to be put into a test. Everything of it lies in a folder beside that of the run.
 */
final class Minimisation {

    private static final String NOTED = "The schedule: ";
    private static final String SENTENCE = "minimum.txt";
    private static final String JSON = "schedule.json";
    private static final String JAVA = "schedule.java.txt";
    private static final String SCHEDULE = "schedule";

    private final Campaign.Executor executor;
    private final Limits limits;
    private final RunFiles files = new RunFiles();
    private final FaultScheduleJson schedules = new FaultScheduleJson();

    Minimisation(Campaign.Executor executor, Limits limits) {
        this.executor = executor;
        this.limits = limits;
    }

    /** What an earlier search in the folder has come to, in a sentence. */
    static Optional<String> found(Path folder) {
        try {
            return Optional.of(Files.readString(folder.resolve(SENTENCE)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Searches, and leaves what it has found in the folder.
     *
     * @param run the folder of the run that broke a promise
     * @param folder where the tries go
     * @throws RecordingException if the result cannot be written
     */
    void search(Path run, Path folder) throws InterruptedException {
        RunFiles.Loaded loaded = files.load(RunFolder.open(run));
        Optional<FaultSchedule> schedule = loaded.record()
                .events(RunEvent.Note.class)
                .map(RunEvent.Note::text)
                .filter(text -> text.startsWith(NOTED))
                .map(text -> schedules.read(text.substring(NOTED.length())))
                .findFirst();
        if (schedule.isEmpty()) {
            write(folder, "The run had no schedule that could be minimised.", Optional.empty());
            return;
        }
        RunPlan plan = loaded.plan();
        Set<String> broken = broken(run);
        int[] number = {0};
        Optional<Minimum> minimum = new ScheduleMinimiser(
                        limits,
                        candidate -> covers(candidate, loaded),
                        candidate -> breaks(plan, candidate, folder.resolve("try-" + number[0]++), broken))
                .minimise(new Candidate(schedule.get(), plan.machines()));
        write(folder, sentence(minimum), minimum.map(Minimum::smallest));
    }

    private String sentence(Optional<Minimum> minimum) {
        return minimum.map(found -> "Smallest schedule, on " + found.smallest().machines() + " machines, broken in "
                        + found.broken() + " of " + found.of() + " tries (" + found.tries() + " in all, "
                        + (found.finished() ? "nothing smaller was left to try" : "then the tries were used up")
                        + "): " + schedules.write(found.smallest().schedule()))
                .orElse("The same schedule did not break it again in " + limits.wanted() + " of " + limits.of()
                        + " tries, so it was not minimised.");
    }

    private static boolean covers(Candidate candidate, RunFiles.Loaded loaded) {
        RunPlan plan = loaded.plan();
        Terrain terrain = new Terrain(
                candidate.machines(),
                plan.arbiters(),
                plan.volume() > 0,
                loaded.record().events(RunEvent.AddressSample.class).findAny().isPresent(),
                // Nothing is ever put into a schedule: what took such machines took them in the run as well.
                candidate.schedule().steps().stream()
                        .anyMatch(step -> step.kind().takesOwnKernel()),
                loaded.record().promises().byFault().keySet());
        return new ScheduleModel(terrain, List.of(FaultKind.values())).covers(candidate.schedule());
    }

    private boolean breaks(RunPlan plan, Candidate candidate, Path folder, Set<String> wanted)
            throws InterruptedException {
        Path file = folder.resolveSibling(folder.getFileName() + ".json");
        put(file, schedules.write(candidate.schedule()));
        Map<String, String> parameters = new TreeMap<>(plan.parameters());
        parameters.put(SCHEDULE, file.toAbsolutePath().toString());
        try {
            executor.run(plan.with(parameters, plan.seed()).withMachines(candidate.machines()), folder);
            return broken(folder).stream().anyMatch(wanted::contains);
        } catch (EnvironmentException | IllegalArgumentException e) {
            // A try that could not be made has broken nothing.
            return false;
        }
    }

    /** The promises that a run broke. */
    private static Set<String> broken(Path run) {
        try {
            Verdict verdict = new VerdictJson().read(Files.readString(new RunFolder(run).verdict()));
            return verdict.promises().stream()
                    .filter(finding -> finding.outcome() == Ruling.BROKEN)
                    .map(Finding::promise)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of();
        }
    }

    private void write(Path folder, String sentence, Optional<Candidate> smallest) {
        smallest.ifPresent(candidate -> {
            put(folder.resolve(JSON), schedules.write(candidate.schedule()));
            put(folder.resolve(JAVA), ScheduleJava.expression(candidate.schedule()) + ";\n");
        });
        put(folder.resolve(SENTENCE), sentence);
    }

    private static void put(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new RecordingException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }
}
