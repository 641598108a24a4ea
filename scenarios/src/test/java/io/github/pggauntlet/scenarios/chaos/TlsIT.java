package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
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
import io.github.pggauntlet.strategy.Routes;
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

/**
 * A cluster whose members, clients and arbiters talk TLS: it does what one without does, lets in nobody who does without, and
 * its run leaves no secret behind.
 */
@Tag("chaos")
@Tag("streaming")
class TlsIT {

    private static final long SEED = 7;

    /** Several, so that they speak TLS among themselves too. */
    private static final int ARBITERS = 3;

    /** The version, the algorithm and the curve, in PKCS #8: as many letters are the same for every such key. */
    private static final int BEGIN = 36;

    /** The strategy as it is, and the secrets it was given. */
    private static final class Watched implements HaStrategy {

        private final HaStrategy strategy = new StreamingStrategy();
        private final AtomicReference<ClusterSpec> given = new AtomicReference<>();

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
            given.set(spec);
            return strategy.install(spec, hosts);
        }
    }

    /** The story as it is; when it is over, strangers knock at all doors. */
    private static final class Visited implements Scenario {

        private final Scenario story = new CrashCycle();
        private final Watched strategy;
        private final AtomicReference<Knocks> knocks = new AtomicReference<>();

        Visited(Watched strategy) {
            this.strategy = strategy;
        }

        @Override
        public String name() {
            return story.name();
        }

        @Override
        public String description() {
            return story.description();
        }

        @Override
        public List<Parameter> parameters() {
            return story.parameters();
        }

        @Override
        public void validate(Map<String, String> parameters, int machines) {
            story.validate(parameters, machines);
        }

        @Override
        public void play(Stage stage) throws InterruptedException {
            story.play(stage);
            knocks.set(Knocks.at(strategy.given.get(), stage));
        }
    }

    @DisplayName("with TLS every failure is survived as without, and no secret is left in what a run leaves")
    @Test
    void aRunWithTlsIsKeptAndLeavesNoSecret() throws Exception {
        RunPlan plan = RunPlan.of("streaming", Durability.SYNC, "crash-cycle", Map.of("cycles", "1"), SEED)
                .withTls(true)
                .withArbiters(ARBITERS);
        Path path = ChaosRun.folder("crash-cycle-tls");
        Watched strategy = new Watched();
        Visited story = new Visited(strategy);

        Run.Result result = new Run(Images.find(), strategy, story, RunListener.silent()).execute(plan, path);

        assertThat(result.verdict().verdict()).isEqualTo(Ruling.KEPT);
        RunFolder folder = RunFolder.open(path);
        Path report = new HtmlReport().write(folder, RunReport.read(folder));
        assertThat(report).exists();
        Credentials credentials = strategy.given.get().credentials();
        assertThat(credentials.tls()).isPresent();
        List<String> secrets = secrets(credentials);
        for (Path file : files(path)) {
            assertHoldsNone(secrets, file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        }

        Knocks knocks = story.knocks.get();
        assertThat(knocks.doors()).containsOnlyKeys("machine0", "machine1", Routes.ARBITER);
        knocks.doors().forEach((door, heard) -> {
            assertThat(heard.plain()).as("plain HTTP at %s", door).doesNotContain("HTTP/");
            assertThat(heard.friend()).as("who has what it takes, at %s", door).isTrue();
            assertThat(heard.foreign())
                    .as("who has a certificate of another authority, at %s", door)
                    .isFalse();
            assertThat(heard.nameless())
                    .as("who has no certificate, at %s", door)
                    .isFalse();
        });
        knocks.processes().forEach((member, seen) -> {
            assertThat(seen).as("the processes of %s", member).contains("postgres", "agent.json");
            assertHoldsNone(secrets, "the processes of " + member, seen);
        });
        assertThat(knocks.files().values())
                .allSatisfy(modes -> assertThat(modes.lines())
                        .containsExactlyInAnyOrder(
                                "600 postgres agent.json", "600 postgres pgpass", "600 postgres server.key"));
    }

    private static void assertHoldsNone(List<String> secrets, String where, String text) {
        for (String secret : secrets) {
            // Not by AssertJ's contains, which would print what must not be printed.
            assertThat(text.contains(secret)).as("a secret in %s", where).isFalse();
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

    /**
     * Every password and token, each line of every member's private key, and how every private key of this kind begins: those
     * of the arbiters are not known here.
     */
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
        List<String> begins = credentials.tls().orElseThrow().members().values().stream()
                .map(identity ->
                        identity.key().reveal().lines().skip(1).findFirst().orElseThrow())
                .map(line -> line.substring(0, BEGIN))
                .distinct()
                .toList();
        assertThat(begins).hasSize(1);
        secrets.addAll(begins);
        secrets.add("PRIVATE KEY");
        return secrets;
    }
}
