package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostContract;
import io.github.pggauntlet.strategy.host.ssh.SshHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A machine behind OpenSSH's own server holds to what every host does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenSshHostIT extends HostContract {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String DIRECTORY = "/root/contract";

    private Engine engine;
    private TestCluster cluster;
    private SshHost host;

    @BeforeAll
    void start(@TempDir Path keys) throws InterruptedException, IOException {
        Images images = Images.find().withEdge(Clusters.POSTGRES);
        engine = Engine.connect(images);
        cluster = TestCluster.start(
                engine,
                images,
                new Topology(List.of("machine0"), 0, Clusters.POSTGRES, List.of(), List.of(), OptionalLong.empty()));
        host = new SshHost(Sshd.start(engine, cluster.machine("machine0").container(), keys));
    }

    @AfterAll
    void stop() {
        if (host != null) {
            host.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void empty() throws InterruptedException {
        host.run(Command.of(LIMIT, "rm", "-rf", DIRECTORY)).orFail();
        host.run(Command.of(LIMIT, "mkdir", DIRECTORY)).orFail();
    }

    @Override
    protected Host host() {
        return host;
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
