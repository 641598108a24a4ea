package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Container;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepIT {

    private final List<String> containers = new ArrayList<>();
    private Images images;
    private Engine engine;

    @BeforeEach
    void connect() throws InterruptedException {
        images = Images.find();
        engine = Engine.connect(images);
    }

    @AfterEach
    void close() {
        containers.forEach(
                id -> engine.docker().removeContainerCmd(id).withForce(true).exec());
        engine.close();
    }

    /** A process that builds a cluster, says so, and waits to be killed. */
    static final class Victim {

        private Victim() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws InterruptedException {
            Images images = Images.find();
            TestCluster cluster = TestCluster.start(Engine.connect(images), images, Topology.of(2, Clusters.POSTGRES));
            System.out.println("run " + cluster.run());
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        }
    }

    private String container(Map<String, String> labels) {
        String id = engine.docker()
                .createContainerCmd(images.node(Clusters.POSTGRES))
                .withName("gauntlet-test-" + UUID.randomUUID())
                .withLabels(labels)
                .exec()
                .getId();
        containers.add(id);
        return id;
    }

    private Set<String> present() {
        return engine.docker().listContainersCmd().withShowAll(true).exec().stream()
                .map(Container::getId)
                .collect(Collectors.toSet());
    }

    @Test
    void whatAKilledProcessHasLeftGoesAndNothingElseDoes() throws Exception {
        Owner self = engine.owner();
        String foreign = container(Map.of());
        String otherHost = container(new Ownership("run", new Owner("another-host", 1, 1, self.realm())).labels());
        String otherBoot =
                container(new Ownership("run", new Owner(self.host(), Long.MAX_VALUE, 1, "another boot")).labels());
        String halfLabelled = container(Map.of(Ownership.LABEL, Ownership.YES));
        String ours = container(new Ownership("run", self).labels());

        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + Images.PROPERTY + "=" + images.source(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String run;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            run = output.lines()
                    .filter(line -> line.startsWith("run "))
                    .map(line -> line.substring(4))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the process ended before it had a cluster"));
            new Sweep(engine).deadRuns();
            assertThat(left(run)).as("while the process lives").hasSize(7);
        } finally {
            victim.destroyForcibly().waitFor();
        }

        Sweep.Swept swept = new Sweep(engine).deadRuns();

        assertThat(swept.containers()).contains("gauntlet-" + run + "-machine0", "gauntlet-" + run + "-arbiter");
        assertThat(left(run)).isEmpty();
        assertThat(present()).contains(foreign, otherHost, otherBoot, halfLabelled, ours);
        assertThat(new Sweep(engine).deadRuns().isEmpty()).as("a second time").isTrue();
    }

    /** Four containers, two volumes and a network, without the one that cleans up. */
    private List<String> left(String run) {
        List<String> left = new ArrayList<>();
        engine.docker().listContainersCmd().withShowAll(true).exec().stream()
                .flatMap(container -> List.of(container.getNames()).stream())
                .forEach(left::add);
        engine.docker().listNetworksCmd().exec().forEach(network -> left.add(network.getName()));
        engine.docker().listVolumesCmd().exec().getVolumes().forEach(volume -> left.add(volume.getName()));
        return left.stream()
                .filter(name -> name.contains(run) && !name.endsWith("-ryuk"))
                .toList();
    }
}
