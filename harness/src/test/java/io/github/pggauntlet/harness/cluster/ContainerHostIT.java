package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A machine that is a container holds to what every host does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerHostIT extends HostContract {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String DIRECTORY = "/root/contract";

    private Engine engine;
    private TestCluster cluster;

    @BeforeAll
    void start() throws InterruptedException {
        Images images = Images.find();
        engine = Engine.connect(images);
        cluster = TestCluster.start(engine, images, Topology.of(1, Clusters.POSTGRES));
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void empty() throws InterruptedException {
        host().run(Command.of(LIMIT, "rm", "-rf", DIRECTORY)).orFail();
        host().run(Command.of(LIMIT, "mkdir", DIRECTORY)).orFail();
    }

    @Override
    protected Host host() {
        return cluster.hosts().get(0);
    }

    @Override
    protected String directory() {
        return DIRECTORY;
    }

    @Override
    protected String owner() {
        return "root";
    }
}
