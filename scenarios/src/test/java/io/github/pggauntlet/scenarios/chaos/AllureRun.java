package io.github.pggauntlet.scenarios.chaos;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.reports.ReportModel;
import io.qameta.allure.Allure;
import io.qameta.allure.AllureLifecycle;
import io.qameta.allure.model.Label;
import io.qameta.allure.model.Parameter;
import io.qameta.allure.model.Stage;
import io.qameta.allure.model.Status;
import io.qameta.allure.model.StatusDetails;
import io.qameta.allure.model.StepResult;
import io.qameta.allure.model.TestResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Tells Allure of a run: what was run, its phases and faults as steps with the times at which they happened, and the files a
 * reader wants to see.
 *
 * <p>The steps are made from the run's record once it is over, and put into the result of the test by its id. A run's phases
 * and faults happen on other threads than the test's, of which Allure would know nothing.
 */
final class AllureRun {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";

    private final AllureLifecycle lifecycle = Allure.getLifecycle();
    private final String test;

    private AllureRun(String test) {
        this.test = test;
    }

    /** Tells what is about to be run, in the result of the test that runs on this thread. */
    static AllureRun begin(RunPlan plan) {
        writeCategories();
        AllureRun run = new AllureRun(Allure.getLifecycle()
                .getCurrentTestCase()
                .orElseThrow(() -> new IllegalStateException(
                        "No test is known to Allure: its listener for the JUnit platform is not on the class path.")));
        run.lifecycle.updateTestCase(run.test, result -> describe(result, plan));
        return run;
    }

    private static void describe(TestResult result, RunPlan plan) {
        List<Label> labels = new ArrayList<>(result.getLabels());
        labels.add(label("epic", plan.strategy()));
        labels.add(label("feature", plan.scenario()));
        for (String tag : List.of("chaos", plan.strategy())) {
            Label label = label("tag", tag);
            if (!labels.contains(label)) {
                labels.add(label);
            }
        }
        result.setLabels(labels);
        Map<String, String> parameters = new TreeMap<>(plan.parameters());
        parameters.put("strategy", plan.strategy());
        parameters.put("durability", plan.durability().id());
        parameters.put("scenario", plan.scenario());
        parameters.put("seed", Long.toString(plan.seed()));
        parameters.put("postgres", Integer.toString(plan.postgres()));
        List<Parameter> all = new ArrayList<>(result.getParameters());
        parameters.forEach(
                (name, value) -> all.add(new Parameter().setName(name).setValue(value)));
        result.setParameters(all);
    }

    private static Label label(String name, String value) {
        return new Label().setName(name).setValue(value);
    }

    /** Tells what came of it. */
    void end(RunFolder folder, ReportModel model, String summary) {
        List<StepResult> steps = steps(model);
        lifecycle.updateTestCase(test, result -> result.getSteps().addAll(steps));
        attach("summary", TEXT, ".txt", summary.getBytes(StandardCharsets.UTF_8));
        attach("report.html", "text/html", ".html", folder.report());
        attach("verdict.json", JSON, ".json", folder.verdict());
        attach("plan.json", JSON, ".json", folder.plan());
        boolean kept = model.verdict()
                .filter(verdict -> verdict.verdict() == Ruling.KEPT)
                .isPresent();
        if (!kept) {
            logs(folder);
        }
        writeEnvironment(model.plan().versions());
    }

    /** Tells that there is no run to speak of: what there is of logs says why. */
    void endWithoutRecord(Path folder) {
        logs(new RunFolder(folder));
    }

    // ---- steps

    private static List<StepResult> steps(ReportModel model) {
        List<StepResult> steps = new ArrayList<>();
        long first = model.phases().isEmpty()
                ? model.duration()
                : model.phases().get(0).from();
        steps.add(step(model, "building machines", 0, first, Status.PASSED));
        for (int i = 0; i < model.phases().size(); i++) {
            ReportModel.Phase phase = model.phases().get(i);
            boolean last = i + 1 == model.phases().size();
            StepResult step = step(model, phase.name(), phase.from(), phase.to(), Status.PASSED);
            model.faults().stream()
                    .filter(fault -> fault.at() >= phase.from() && (last || fault.at() < phase.to()))
                    .forEach(fault -> step.getSteps().add(step(model, fault)));
            steps.add(step);
        }
        model.verdict()
                .ifPresent(verdict -> verdict.promises()
                        .forEach(finding -> steps.add(step(
                                        model,
                                        "promise " + finding.promise() + ": "
                                                + finding.outcome().id(),
                                        model.duration(),
                                        model.duration(),
                                        finding.outcome() == Ruling.KEPT
                                                ? Status.PASSED
                                                : finding.outcome() == Ruling.BROKEN ? Status.FAILED : Status.SKIPPED)
                                .setStatusDetails(new StatusDetails().setMessage(finding.sentence()))
                                .setParameters(List.of(
                                        new Parameter().setName("finding").setValue(finding.sentence()))))));
        return steps;
    }

    private static StepResult step(ReportModel model, ReportModel.Fault fault) {
        boolean made = fault.made().isPresent();
        long to = fault.healed().orElse(fault.made().orElse(fault.at()));
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter().setName("id").setValue(fault.id()));
        if (made) {
            parameters.add(new Parameter().setName("member").setValue(fault.resolved()));
        }
        parameters.add(new Parameter().setName(made ? "seen by" : "reason").setValue(fault.evidence()));
        return step(
                        model,
                        (made ? "fault: " : "fault that could not be made: ") + fault.kind(),
                        fault.at(),
                        to,
                        made ? Status.PASSED : Status.BROKEN)
                .setParameters(parameters);
    }

    private static StepResult step(ReportModel model, String name, long from, long to, Status status) {
        long begin = model.startedAt().toEpochMilli();
        return new StepResult()
                .setName(name)
                .setStatus(status)
                .setStage(Stage.FINISHED)
                .setStart(begin + from / NANOS_PER_MILLI)
                .setStop(begin + to / NANOS_PER_MILLI);
    }

    // ---- files

    private void logs(RunFolder folder) {
        if (!Files.isDirectory(folder.nodes())) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder.nodes())) {
            tree.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(log -> attach(folder.nodes().relativize(log).toString(), TEXT, ".log", log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void attach(String name, String type, String extension, Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > 0) {
                attach(name, type, extension, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void attach(String name, String type, String extension, byte[] content) {
        lifecycle.addAttachment(name, type, extension, content);
    }

    // ---- what belongs to the whole report

    /** Where Allure's results go; its own default where nothing is set. */
    private static Path results() {
        try {
            return Files.createDirectories(Path.of(System.getProperty("allure.results.directory", "allure-results")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeCategories() {
        try (InputStream in = AllureRun.class.getResourceAsStream("/allure-categories.json")) {
            Files.copy(in, results().resolve("categories.json"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeEnvironment(Map<String, String> versions) {
        Properties environment = new Properties();
        // Allure shows a key as it is; a blank would end it.
        versions.forEach((name, version) -> environment.setProperty(name.replace(' ', '.'), version));
        try (Writer out = Files.newBufferedWriter(results().resolve("environment.properties"))) {
            environment.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
