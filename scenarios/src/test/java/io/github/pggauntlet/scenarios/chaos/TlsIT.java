package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.reports.HtmlReport;
import io.github.pggauntlet.reports.RunReport;
import io.github.pggauntlet.scenarios.story.CrashCycle;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster whose members and clients talk TLS, and what its run leaves behind. */
@Tag("chaos")
@Tag("streaming")
class TlsIT {

    private static final long SEED = 7;

    /** The strategy as it is, and the secrets it was given. */
    private static final class Watched implements HaStrategy {

        private final HaStrategy strategy = new StreamingStrategy();
        private final AtomicReference<Credentials> given = new AtomicReference<>();

        @Override
        public String name() {
            return strategy.name();
        }

        @Override
        public String description() {
            return strategy.description();
        }

        @Override
        public Set<Durability> durabilities() {
            return strategy.durabilities();
        }

        @Override
        public Promises promises(ClusterSpec spec) {
            return strategy.promises(spec);
        }

        @Override
        public HostRequirements requirements(ClusterSpec spec) {
            return strategy.requirements(spec);
        }

        @Override
        public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
            given.set(spec.credentials());
            return strategy.install(spec, hosts);
        }
    }

    @DisplayName("with TLS every failure is survived as without, and no secret is left in what a run leaves")
    @Test
    void aRunWithTlsIsKeptAndLeavesNoSecret() throws Exception {
        RunPlan plan = RunPlan.of("streaming", Durability.SYNC, "crash-cycle", Map.of("cycles", "1"), SEED)
                .withTls(true);
        Path path = ChaosRun.folder("crash-cycle-tls");
        Watched strategy = new Watched();

        Run.Result result =
                new Run(Images.find(), strategy, new CrashCycle(), RunListener.silent()).execute(plan, path);

        assertThat(result.verdict().verdict()).isEqualTo(Ruling.KEPT);
        RunFolder folder = RunFolder.open(path);
        Path report = new HtmlReport().write(folder, RunReport.read(folder));
        assertThat(report).exists();
        Credentials credentials = strategy.given.get();
        assertThat(credentials.tls()).isPresent();
        for (Path file : files(path)) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            for (String secret : secrets(credentials)) {
                // Not by AssertJ's contains, which would print what must not be printed.
                assertThat(text.contains(secret)).as("a secret in %s", file).isFalse();
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            // The search must have had something to search.
            assertThat(all.stream().map(file -> file.getFileName().toString()))
                    .contains("plan.json", "history.jsonl", "events.jsonl", "report.html", "agent.log", "postgres.log");
            return all;
        }
    }

    /** Every password and token, and each line of every private key. */
    private static List<String> secrets(Credentials credentials) {
        List<String> secrets = new ArrayList<>();
        Stream.of(
                        credentials.superuser(),
                        credentials.replication(),
                        credentials.rewind(),
                        credentials.application(),
                        credentials.agent())
                .map(Secret::reveal)
                .forEach(secrets::add);
        for (Tls.Identity identity : credentials.tls().orElseThrow().members().values()) {
            identity.key()
                    .reveal()
                    .lines()
                    .filter(line -> !line.startsWith("-----"))
                    .forEach(secrets::add);
        }
        assertThat(secrets).hasSizeGreaterThan(7);
        return secrets;
    }
}
