package io.github.pggauntlet.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.strategy.HaStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the command line answers when no engine is needed for it. It is long because it goes through all commands, and each kind of wrong
 * use of them.
 */
class CliTest {

    @TempDir
    private Path directory;

    private Optional<String> images = Optional.empty();

    /** No test of this class gets as far as an image: where the machine has some, they shall not be found. */
    @BeforeEach
    void hideImages() {
        images = Optional.ofNullable(System.getProperty(Images.PROPERTY));
        System.setProperty(
                Images.PROPERTY, directory.resolve("nowhere.properties").toString());
    }

    @AfterEach
    void showImages() {
        images.ifPresentOrElse(
                value -> System.setProperty(Images.PROPERTY, value), () -> System.clearProperty(Images.PROPERTY));
    }

    private record Answer(int status, String out, String err) {

        /** The one sentence, without the advice that may follow it. */
        String sentence() {
            return err.lines().findFirst().orElse("");
        }
    }

    private static Answer gauntlet(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = GauntletCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Answer(status, out.toString(), err.toString());
    }

    private Answer run(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("run", "--out", directory.resolve("out").toString()));
        all.addAll(Arrays.asList(arguments));
        return gauntlet(all.toArray(String[]::new));
    }

    private static void assertWrongUse(Answer answer, String sentence) {
        assertThat(answer.sentence()).contains(sentence);
        assertThat(answer.status()).isEqualTo(254);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).doesNotContain("Exception", "\tat ");
    }

    // ---- wrong use

    @Test
    void aStrategyThatNeedsAThirdOpinionIsNotRunWithoutOne() {
        assertWrongUse(run("--strategy", "streaming", "--arbiters", "0"), "needs a third opinion");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    frobnicate             | There is no command 'frobnicate'; choose one of: list, run, check, export, campaign, merge, detect, bench, clean. | gauntlet
                    --frobnicate           | Unknown option: '--frobnicate'                                            | gauntlet
                    list --frobnicate      | Unknown option: '--frobnicate'                                            | gauntlet list
                    list frobnicate        | 'frobnicate'                                                              | gauntlet list
                    run --out x --frobnicate | Unknown option: '--frobnicate'                                            | gauntlet run
                    run --seed 7           | Missing required option: '--out=FOLDER'                                   | gauntlet run
                    run --out x --seed -1  | A seed is not negative; -1 is.                                            | gauntlet run
                    run --out x --seed x   | 'x' is not a long                                                         | gauntlet run
                    run --out x --rate x   | 'x' is not a double                                                       | gauntlet run
                    run --out x --postgres 16 | PostgreSQL is to be had as 15, 17 and 18, not as 16.                   | gauntlet run
                    check                  | Missing required parameter: 'FOLDER'                                      | gauntlet check
                    bench dinner | There is no benchmark 'dinner'; choose one of: start, writes, outage, failovers, footprint, checkers, all. | gauntlet bench
                    bench start --postgres 16 | PostgreSQL is to be had as 15, 17 and 18, not as 16. | gauntlet bench
                    detect                 | Missing required option: '--out=FOLDER'                                   | gauntlet detect
                    clean everything       | 'everything'                                                              | gauntlet clean
                    """)
    void aCommandThatCannotBeReadGetsASentenceAndTheWayToItsHelp(String words, String sentence, String command) {
        Answer answer = gauntlet(words.split(" +"));

        assertWrongUse(answer, sentence);
        assertThat(answer.err().lines().toList()).hasSize(2).last().isEqualTo("See '" + command + " --help'.");
    }

    @Test
    void noCommandAtAllIsAskedForOne() {
        assertWrongUse(
                gauntlet(), "Say what to do: list, run, check, export, campaign, merge, detect, bench or clean.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --strategy raft                   | There is no strategy 'raft'; choose one of: broken-
                    --scenario meteor                 | There is no scenario 'meteor'; choose one of: address-astray, address-trouble
                    --durability eternal              | There is no durability mode 'eternal'; choose one of: async, sync, strict, quorum.
                    --strategy broken-no-lease --durability async | no durability mode 'async'; choose one of: sync.
                    --cycles 0                        | The number of cycles lies between 1 and 1000; '0' does not.
                    --cycles -1                       | The number of cycles lies between 1 and 1000; '-1' does not.
                    --cycles many                     | The number of cycles lies between 1 and 1000; 'many' does not.
                    --cycles 99999999999              | The number of cycles lies between 1 and 1000
                    --fault meteor                    | There is no fault 'meteor' for this scenario; choose one of: postmaster, host, stop.
                    -P speed=3                        | The scenario 'crash-cycle' has no parameter 'speed'; it has: cycles, fault.
                    --scenario slow-link --cycles 3   | The scenario 'slow-link' has no parameter 'cycles'; it has: cut, end, kilobytes, latency, seconds.
                    --scenario slow-link -P latency=0 | The latency lies between 1 and 10000 ms; '0' does not.
                    --scenario slow-link -P kilobytes=9999 | A narrow link lets at most 1000 kB a second through; '9999' is no such number.
                    --timings slow                    | There are no timings 'slow'; choose one of: quick, production.
                    --own-kernels --volume 512        | A machine with a kernel of its own has disks of a size of their own
                    --durability quorum               | The durability mode 'quorum' takes at least 3 machines; there are 2.
                    --scenario two-failures           | The story 'two-failures' takes at least 3 machines, not 2; say --machines 3.
                    --machines 1                      | A primary and a standby take two machines, not 1.
                    --machines -1                     | A primary and a standby take two machines, not -1.
                    --sessions 0                      | A workload needs at least one session, not 0.
                    --rate -5                         | The rate is a number of writes a second, or 0, not -5.0.
                    --rate NaN                        | The rate is a number of writes a second, or 0, not NaN.
                    """)
    void anImpossibleRunIsRefusedBeforeAnythingIsMade(String words, String sentence) {
        Answer answer = run(words.split(" +"));

        assertWrongUse(answer, sentence);
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aFolderWithAnythingElseInItIsLeftAlone() throws IOException {
        Path images = Files.writeString(
                directory.resolve("images.properties"), "engine=unix://" + directory.resolve("nobody.sock") + "\n");
        System.setProperty(Images.PROPERTY, images.toString());
        Path out = CannedRun.KEPT.into(directory.resolve("out"));
        Files.writeString(out.resolve("thesis.tex"), "the only copy");
        List<Path> before = files(out);

        Answer answer = run();

        // The engine is not asked: the run says only what it is about to do.
        assertThat(answer.status()).isEqualTo(254);
        assertThat(answer.err())
                .contains(out + " is not empty and not the folder of a run (it holds thesis.tex); choose another one.");
        assertThat(files(out)).isEqualTo(before);
        assertThat(out.resolve("thesis.tex")).hasContent("the only copy");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path images = Files.writeString(directory.resolve("images.properties"), "");
        System.setProperty(Images.PROPERTY, images.toString());
        Files.writeString(directory.resolve("out"), "text");

        assertWrongUse(run(), "is a file; a run needs a folder.");
        assertThat(directory.resolve("out")).hasContent("text");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.sorted().toList();
        }
    }

    // ---- the environment

    @Test
    void withoutPreparedImagesARunSaysHowToGetThem() throws IOException {
        Path earlier = CannedRun.KEPT.into(directory.resolve("out"));
        List<Path> before = files(earlier);

        Answer answer = run();

        assertThat(answer.status()).isEqualTo(255);
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(answer.sentence()).contains("nowhere.properties", "run docker/prepare");
        assertThat(files(earlier)).as("the earlier run in the same folder").isEqualTo(before);
    }

    @Test
    void withoutPreparedImagesNothingIsCleanedAndThatIsSaid() {
        Answer answer = gauntlet("clean");

        assertThat(answer.status()).isEqualTo(255);
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(answer.sentence()).contains("run docker/prepare");
    }

    @Test
    void anEngineThatDoesNotAnswerIsTheEnvironmentsFault() throws Exception {
        Path images = Files.writeString(
                directory.resolve("images.properties"), "engine=unix://" + directory.resolve("nobody.sock") + "\n");

        GauntletProcess.Ended ended = GauntletProcess.withImages(images)
                .without("DOCKER_HOST")
                .start("run", "--out", directory.resolve("out").toString())
                .await();

        assertThat(ended.status()).as(ended.err()).isEqualTo(255);
        assertThat(ended.err()).contains("No container engine answers", "run docker/prepare");
        assertThat(ended.err()).doesNotContain("\tat ");
    }

    // ---- check

    @ParameterizedTest
    @CsvSource({"KEPT, 0", "BROKEN, 1"})
    void checkComesToTheSameVerdictAgain(CannedRun canned, int status) throws IOException {
        Path folder = canned.into(directory.resolve("run"));
        Verdict stored = verdict(folder);
        Files.delete(folder.resolve("verdict.json"));

        Answer answer = gauntlet("check", folder.toString());

        assertThat(answer.status()).as(answer.err()).isEqualTo(status);
        Verdict again = verdict(folder);
        assertThat(outcomes(again)).isEqualTo(outcomes(stored));
        assertThat(again)
                .usingRecursiveComparison()
                // How a finding is worded may change; what it finds may not.
                .ignoringFields("promises")
                .isEqualTo(stored);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.out())
                .contains(stored.verdict().name(), folder.resolve("report.html").toString());
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }

    private static Verdict verdict(Path folder) throws IOException {
        return new VerdictJson().read(Files.readString(folder.resolve("verdict.json")));
    }

    private static List<String> outcomes(Verdict verdict) {
        return verdict.promises().stream()
                .map(finding -> finding.promise() + " " + finding.outcome())
                .toList();
    }

    @Test
    void aBrokenPromiseIsToldWithTheWritesThatProveIt() throws IOException {
        Path folder = CannedRun.BROKEN.into(directory.resolve("run"));

        gauntlet("check", folder.toString());

        Verdict verdict = verdict(folder);
        Finding durability = verdict.promises().stream()
                .filter(finding -> finding.promise().equals("durability"))
                .findFirst()
                .orElseThrow();
        assertThat(durability.outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(durability.evidence())
                .isNotEmpty()
                .allSatisfy(evidence -> assertThat(evidence.writes()).isNotEmpty());
        assertThat(verdict.lost()).isPositive();
    }

    @Test
    void aHistoryOfListsIsWrittenForOthers() throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        Files.writeString(folder.resolve("history.jsonl"), """
                {"op":"transaction","id":1,"session":0,"invoked":1,"completed":2,"outcome":"acknowledged","node":"machine0",\
                "timeline":1,"accesses":[{"do":"append","key":3,"value":4,"place":0}]}
                """, java.nio.file.StandardOpenOption.APPEND);
        Path out = directory.resolve("history.edn");

        Answer answer = gauntlet("export", "--format", "edn", "--out", out.toString(), folder.toString());

        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(Files.readAllLines(out)).hasSize(2).last().asString().contains(":value [[:append 3 4]]");
    }

    @Test
    void aHistoryWithoutListsHasNoFormForOthers() throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));

        Answer answer =
                gauntlet("export", "--out", directory.resolve("history.edn").toString(), folder.toString());

        assertWrongUse(answer, "has recorded no transactions over lists; play it with --workload append.");
        assertThat(directory.resolve("history.edn")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 0.95})
    void aRunThatWasKilledInTheMiddleProvesNothing(double share) throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        Files.delete(folder.resolve("verdict.json"));
        CannedRun.tear(folder.resolve("history.jsonl"), share);
        CannedRun.tear(folder.resolve("events.jsonl"), share);

        Answer answer = gauntlet("check", folder.toString());

        assertThat(answer.status()).as(answer.err() + answer.out()).isEqualTo(2);
        assertThat(verdict(folder).verdict()).isEqualTo(Ruling.INCONCLUSIVE);
    }

    @Test
    void aRunThatWasKilledBeforeAMemberCouldComeBackDoesNotBlameTheStrategy() throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        CannedRun.killAfterFirstFault(folder);

        Answer answer = gauntlet("check", folder.toString());

        assertThat(answer.status()).as(answer.err() + answer.out()).isEqualTo(2);
        assertThat(answer.out()).contains("had not come back when the record ends");
    }

    @Test
    void aTornLastLineAloneIsNoDamage() throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        Path history = folder.resolve("history.jsonl");
        Files.writeString(history, Files.readString(history) + "{\"op\":\"write\",\"id\":9");

        Answer answer = gauntlet("check", folder.toString());

        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("ends in the midst of a line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"history.jsonl", "events.jsonl"})
    void aDamagedLineIsNamed(String name) throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        String before = Files.readString(folder.resolve("verdict.json"));
        CannedRun.damage(folder.resolve(name), 40);

        Answer answer = gauntlet("check", folder.toString());

        assertWrongUse(answer, folder.resolve(name) + ", line 40: this is not JSON");
        assertThat(folder.resolve("verdict.json")).as("the verdict of before").hasContent(before);
    }

    static Stream<Arguments> plans() {
        String noPlan = "plan.json is not the plan of a run";
        return Stream.of(
                plan("torn", plan -> plan.substring(0, plan.length() / 2), noPlan),
                plan("empty", plan -> "", "plan.json"),
                plan("another thing", plan -> "[1, 2]", "plan.json"),
                plan(
                        "of a newer version",
                        replacing("\"format\" *: *2", "\"format\" : 99"),
                        "format version 99; this program reads version 2."),
                plan("without promises", replacing("\"promises\"", "\"other\""), noPlan),
                plan("without versions", replacing("\"versions\"", "\"other\""), noPlan),
                plan("without a strategy", replacing("\"strategy\"", "\"other\""), noPlan),
                plan("without timings", replacing("\"timings\"", "\"other\""), noPlan),
                plan("with a promise cut short", replacing("\"loss\"", "\"other\""), noPlan),
                plan("with a bound that is not known", replacing("\"none\"", "\"some\""), "'some' is no bound"),
                plan("of a fault that is not known", replacing("HOST_CRASH", "METEOR"), noPlan));
    }

    private static Arguments plan(String what, UnaryOperator<String> damage, String sentence) {
        return Arguments.of(what, damage, sentence);
    }

    private static UnaryOperator<String> replacing(String pattern, String with) {
        return text -> text.replaceFirst(pattern, with);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void aDamagedPlanIsNamed(String what, UnaryOperator<String> damage, String sentence) throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        Path plan = folder.resolve("plan.json");
        Files.writeString(plan, damage.apply(Files.readString(plan)));

        Answer answer = gauntlet("check", folder.toString());

        assertWrongUse(answer, sentence);
        assertThat(answer.err().lines()).as(what).hasSize(1);
    }

    @Test
    void checkOfWhatIsNoRunSaysSo() throws IOException {
        Path missing = directory.resolve("missing");
        assertWrongUse(gauntlet("check", missing.toString()), missing + " is not a folder.");

        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertWrongUse(
                gauntlet("check", empty.toString()), empty + " is not the folder of a run: it has no plan.json.");
        assertThat(files(empty)).containsExactly(empty);

        Path half = CannedRun.KEPT.into(directory.resolve("half"));
        Files.delete(half.resolve("history.jsonl"));
        assertWrongUse(gauntlet("check", half.toString()), "it has no history.jsonl.");
    }

    /** Whoever writes to {@code /dev/full} hears that no space is left on the device. */
    @ParameterizedTest
    @ValueSource(strings = {"report.html", "verdict.json.draft"})
    void aFullDiskIsTheEnvironmentsFault(String name) throws IOException {
        Path folder = CannedRun.KEPT.into(directory.resolve("run"));
        Files.createSymbolicLink(folder.resolve(name), Path.of("/dev/full"));

        Answer answer = gauntlet("check", folder.toString());
        Files.delete(folder.resolve(name));

        assertThat(answer.status()).isEqualTo(255);
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(answer.sentence()).contains("cannot be written", "No space left on device");
    }

    // ---- list and help

    @Test
    void listNamesAllThereIsToChooseFrom() {
        Answer answer = gauntlet("list");

        assertThat(answer.status()).isZero();
        Catalogue catalogue = new Catalogue();
        assertThat(catalogue.strategies())
                .extracting(HaStrategy::name)
                .isSorted()
                .filteredOn(name -> !name.startsWith("broken-"))
                .containsExactly(
                        "streaming",
                        "streaming-restart",
                        "ucarp-drbd",
                        "ucarp-drbd-plain",
                        "ucarp-fenced",
                        "ucarp-streaming",
                        "ucarp-streaming-fast",
                        "ucarp-streaming-witness");
        assertThat(catalogue.scenarios())
                .extracting(Scenario::name)
                .isSorted()
                .doesNotHaveDuplicates()
                .contains("address-trouble", "crash-cycle", "random-faults", "slow-link");
        catalogue
                .strategies()
                .forEach(strategy -> assertThat(answer.out()).contains(strategy.name(), strategy.description()));
        assertThat(answer.out()).contains("durability: async, sync");
        for (Scenario scenario : catalogue.scenarios()) {
            assertThat(answer.out()).contains(scenario.name(), scenario.description());
            scenario.parameters()
                    .forEach(parameter -> assertThat(answer.out())
                            .contains("-P " + parameter.name() + "=" + parameter.standard(), parameter.meaning()));
        }
    }

    static Stream<String> commands() {
        return Stream.concat(Stream.of(""), GauntletCommand.commandLine().getSubcommands().keySet().stream());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpTellsEveryOptionAndEveryExitStatus(String name) {
        CommandLine command = name.isEmpty()
                ? GauntletCommand.commandLine()
                : GauntletCommand.commandLine().getSubcommands().get(name);

        Answer answer = name.isEmpty() ? gauntlet("--help") : gauntlet(name, "--help");

        assertThat(answer.status()).isZero();
        assertThat(answer.err()).isEmpty();
        assertThat(command.getCommandSpec().options()).isNotEmpty();
        for (OptionSpec option : command.getCommandSpec().options()) {
            assertThat(answer.out()).contains(option.longestName());
            assertThat(option.description()).as(option.longestName()).isNotEmpty();
        }
        assertThat(answer.out()).containsPattern("(?m)^Exit status:$");
        assertThat(statuses(answer.out()))
                .isEqualTo(
                        switch (name) {
                            case "list" -> "0 254";
                            case "bench", "clean", "export" -> "0 254 255";
                            case "detect" -> "0 1 254 255";
                            default -> "0 1 2 254 255";
                        });
    }

    private static String statuses(String help) {
        return help.substring(help.indexOf("Exit status:"))
                .lines()
                .filter(line -> line.matches(" {1,2}\\d+ +\\S.*"))
                .map(line -> line.strip().split(" ")[0])
                .collect(Collectors.joining(" "));
    }

    @Test
    void theFirstCommandThatHelpShowsIsOneThatCanBeRun() {
        String shown = gauntlet("--help").out().replaceAll("\\s+", " ");
        String command = shown.substring(shown.indexOf("./gauntlet run") + "./gauntlet ".length())
                .strip();

        // It gets as far as the images, so all its words are understood.
        Answer answer = gauntlet(command.split(" "));

        assertThat(answer.err()).contains("run docker/prepare");
        assertThat(answer.status()).isEqualTo(255);
    }

    @Test
    void versionIsTold() {
        Answer answer = gauntlet("--version");

        assertThat(answer.status()).isZero();
        assertThat(answer.out()).startsWith("pg-gauntlet ");
    }
}
