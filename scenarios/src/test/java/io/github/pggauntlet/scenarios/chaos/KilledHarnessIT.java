package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Sweep;
import io.github.pggauntlet.scenarios.cli.GauntletProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left when the harness itself comes to a sudden end. */
@Tag("chaos")
class KilledHarnessIT {

    /** Two machines, the arbiter and the proxy; a network; a disk for each machine. */
    private static final int OWNED_AT_LEAST = 7;

    private Images images;
    private EngineView engine;
    private String foreign;

    @BeforeEach
    void startSomethingForeign() {
        images = Images.find();
        engine = new EngineView(images);
        foreign = engine.startForeign();
    }

    @AfterEach
    void removeIt() {
        engine.remove(foreign);
    }

    private void sweep() throws InterruptedException {
        try (Engine sweeping = Engine.connect(images)) {
            new Sweep(sweeping).deadRuns();
        }
    }

    @Test
    @DisplayName("a killed run leaves nothing running, and a record that proves nothing")
    void aKilledRunLeavesNothingRunningAndARecordThatProvesNothing() throws Exception {
        Path folder = ChaosRun.folder("killed-harness");
        long pid;
        try (GauntletProcess gauntlet = GauntletProcess.withImages(images.source())
                .start("run", "--cycles", "100", "--rate", "500", "--seed", "3", "--out", folder.toString())) {
            pid = gauntlet.pid();
            // From here on there is load, and something of it has gone wrong.
            gauntlet.awaitLine("fault: ");
            assertThat(engine.ownedBy(pid)).as("while it lives").hasSizeGreaterThanOrEqualTo(OWNED_AT_LEAST);
            sweep();
            assertThat(engine.ownedBy(pid))
                    .as("while it lives, after others have swept")
                    .hasSizeGreaterThanOrEqualTo(OWNED_AT_LEAST);
            gauntlet.kill();
        }

        sweep();

        assertThat(engine.ownedBy(pid))
                .as("after it was killed and others have swept")
                .isEmpty();
        assertThat(engine.runs(foreign)).as("a container of somebody else").isTrue();

        GauntletProcess.Ended check = GauntletProcess.withImages(images.source())
                .start("check", folder.toString())
                .await();
        assertThat(check.status()).as(check.err() + check.out()).isEqualTo(2);
        Verdict verdict = new VerdictJson().read(Files.readString(folder.resolve("verdict.json")));
        assertThat(verdict.verdict()).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(verdict.acknowledged()).as("writes that had been recorded").isPositive();
    }

    @Test
    @DisplayName("a run that cannot record ends at once and leaves nothing")
    void aRunThatCannotRecordEndsAtOnceAndLeavesNothing() throws Exception {
        Path folder = ChaosRun.folder("full-disk");

        GauntletProcess gauntlet = GauntletProcess.withImages(images.source())
                .withFilesUpTo(256)
                .start("run", "--cycles", "100", "--seed", "3", "--out", folder.toString());
        GauntletProcess.Ended ended = gauntlet.await();

        assertThat(ended.status()).as(ended.err()).isEqualTo(255);
        assertThat(ended.err().lines().toList())
                .last()
                .asString()
                .contains("cannot be recorded", "history.jsonl", "Make room");
        assertThat(ended.err()).doesNotContain("\tat ");
        assertThat(engine.ownedBy(gauntlet.pid())).isEmpty();
        assertThat(engine.runs(foreign)).as("a container of somebody else").isTrue();
    }
}
