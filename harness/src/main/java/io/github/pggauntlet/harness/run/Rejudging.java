package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Judge;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.history.RunFolder;
import java.nio.file.Path;

/** Judges a run again, from its folder alone. */
public final class Rejudging {

    private final RunFiles files = new RunFiles();

    /**
     * Judges again and replaces the verdict in the folder.
     *
     * @throws io.github.pggauntlet.harness.history.DamagedRunException if the folder is not that of a run, or damaged
     */
    public Verdict judge(Path path) {
        RunFolder folder = RunFolder.open(path);
        RunFiles.Loaded loaded = files.load(folder);
        Verdict verdict = Judge.withAllCheckers().judge(loaded.record(), loaded.facts());
        files.writeVerdict(folder, verdict);
        return verdict;
    }
}
