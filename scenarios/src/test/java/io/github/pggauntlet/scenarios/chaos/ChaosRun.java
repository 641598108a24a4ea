package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.reports.HtmlReport;
import io.github.pggauntlet.reports.ReportModel;
import io.github.pggauntlet.reports.RunReport;
import io.github.pggauntlet.reports.TextSummary;
import io.github.pggauntlet.scenarios.cli.Catalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run on a real cluster as a test makes it. Everything of it lies in {@code target/runs/<name>}, and Allure is told of it.
 *
 * @param plan what was run
 * @param verdict what is to be said of it
 * @param summary the same for people, with the place of the report
 */
record ChaosRun(RunPlan plan, Verdict verdict, String summary) {

    private static final Path RUNS = Path.of("target", "runs");
    private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);

    /** The folder for a run of that name. */
    static Path folder(String name) {
        return RUNS.resolve(name).toAbsolutePath();
    }

    /**
     * Runs a plan.
     *
     * @param name the name of the run's folder
     * @throws io.github.pggauntlet.harness.cluster.EnvironmentException if there is no engine or there are no images; it says
     *     what to do
     */
    static ChaosRun of(String name, RunPlan plan) throws InterruptedException {
        Path path = folder(name);
        AllureRun allure = AllureRun.begin(plan);
        Catalogue catalogue = new Catalogue();
        Run run = new Run(
                Images.find(), catalogue.strategy(plan.strategy()), catalogue.scenario(plan.scenario()), logging(name));
        try {
            Verdict verdict = run.execute(plan, path).verdict();
            return new ChaosRun(plan, verdict, tell(allure, path));
        } catch (RuntimeException e) {
            tellOfFailure(allure, path, e);
            throw e;
        }
    }

    private static RunListener logging(String name) {
        return new RunListener() {
            @Override
            public void phase(String phase) {
                LOG.info("{}: {}", name, phase);
            }

            @Override
            public void note(String text) {
                LOG.info("{}: {}", name, text);
            }
        };
    }

    private static String tell(AllureRun allure, Path path) {
        RunFolder folder = RunFolder.open(path);
        ReportModel model = RunReport.read(folder);
        try {
            Path report = new HtmlReport().write(folder, model);
            String summary = new TextSummary().render(model, Optional.of(report));
            allure.end(folder, model, summary);
            return summary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run that ended in a failure may have left a record of how far it came, or none. */
    private static void tellOfFailure(AllureRun allure, Path path, RuntimeException failure) {
        try {
            tell(allure, path);
        } catch (DamagedRunException e) {
            failure.addSuppressed(e);
            allure.endWithoutRecord(path);
        }
    }

    /** All that a reader needs who sees this run fail a test. */
    private String told() {
        return summary + "  seed      " + plan.seed() + "\n  again     " + String.join(" ", plan.command()) + "\n";
    }

    /** The run must have come to that verdict. */
    ChaosRun requireVerdict(Ruling expected) {
        if (verdict.verdict() != expected) {
            throw new AssertionError(
                    "The verdict is " + verdict.verdict().id() + " and not " + expected.id() + ".\n" + told());
        }
        return this;
    }

    /** Every promise but these must have been kept, and these must not have been broken: the lot may not have tried them. */
    ChaosRun requireKeptOrUntried(String... untried) {
        List<Finding> others = verdict.promises().stream()
                .filter(finding -> finding.outcome() != Ruling.KEPT)
                .filter(finding ->
                        finding.outcome() != Ruling.VACUOUS || !List.of(untried).contains(finding.promise()))
                .toList();
        assertThat(others)
                .as(() ->
                        "the findings that are neither kept nor, for " + List.of(untried) + ", untried, in\n" + told())
                .isEmpty();
        return this;
    }

    /** At least one of these promises must have been broken, and the operations that prove it must be named. */
    ChaosRun requireBroken(String... promises) {
        requireVerdict(Ruling.BROKEN);
        List<Finding> broken = verdict.promises().stream()
                .filter(finding -> finding.outcome() == Ruling.BROKEN)
                .filter(finding -> List.of(promises).contains(finding.promise()))
                .toList();
        assertThat(broken)
                .as(() -> "the findings that say that a promise of " + List.of(promises) + " was broken, in\n" + told())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.evidence())
                        .as("the evidence, and the operations it names")
                        .isNotEmpty()
                        .anySatisfy(evidence -> assertThat(evidence.writes()).isNotEmpty()));
        return this;
    }
}
