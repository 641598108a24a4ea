package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.history.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes run folders to look at: a folder, {@code sound} or {@code broken}, failovers, rate, seconds. */
final class Demo {

    private Demo() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        try (SyntheticRun run = SyntheticRun.crashCycle(
                path,
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                arguments[1].equals("sound"))) {
            run.judge();
        }
        for (int i = 0; i < 3; i++) {
            long begin = System.nanoTime();
            ReportModel model = RunReport.read(RunFolder.open(path));
            long read = System.nanoTime();
            Path report = new HtmlReport().write(RunFolder.open(path), model);
            System.out.printf(
                    "%d operations: read in %d ms, written in %d ms, %d kB%n",
                    model.counts().acknowledged()
                            + model.counts().unknown()
                            + model.counts().failed(),
                    (read - begin) / 1_000_000,
                    (System.nanoTime() - read) / 1_000_000,
                    Files.size(report) / 1000);
        }
    }
}
