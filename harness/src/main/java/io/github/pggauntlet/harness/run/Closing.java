package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Judge;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.strategy.host.HostException;

/** What is done when a story has been played. */
final class Closing {

    private final RunListener listener;
    private final RunFiles files = new RunFiles();

    Closing(RunListener listener) {
        this.listener = listener;
    }

    /** Reads the members' logs, which were collected, and has the record judged. */
    Verdict judge(Recording recording) {
        new LogScan(recording).scan();
        recording.history().flush();
        recording.events().flush();
        listener.phase("judging");
        RunFiles.Loaded loaded = files.load(recording.folder());
        Verdict verdict = Judge.withAllCheckers().judge(loaded.record(), loaded.facts());
        files.writeVerdict(recording.folder(), verdict);
        return verdict;
    }

    /** Logs are for people: that they cannot be had must not hide what the run has come to, nor why it failed. */
    void collectLogs(Recording recording, TestCluster machines) throws InterruptedException {
        try {
            machines.collectLogs(recording.folder().nodes());
        } catch (EnvironmentException | HostException | RecordingException e) {
            listener.note("The members' logs could not be collected: " + e.getMessage());
        }
    }
}
