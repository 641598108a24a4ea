package io.github.pggauntlet.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dead host behind a proxy: the connection is accepted, and then there is silence. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SilentHostTest {

    @TempDir
    private Path folder;

    private ServerSocket silent;
    private ClientAccess access;
    private Endpoint endpoint;

    @BeforeEach
    void listen() throws IOException {
        // Connections wait in the backlog: accepted by the kernel, answered by nobody.
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        endpoint = new Endpoint("localhost", silent.getLocalPort());
        access = new ClientAccess(List.of(endpoint), "postgres", "app", new Secret("secret"));
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
    }

    @Test
    void connectingEndsAfterItsBound() {
        Connector connector = new Connector(access, "test", Duration.ofSeconds(1), Duration.ofSeconds(30));
        long begin = System.nanoTime();
        assertThatThrownBy(() -> connector.connectToPrimary(endpoint)).isInstanceOf(SQLException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void findingThePrimaryEndsAfterItsBound() throws InterruptedException {
        Connector connector = new Connector(access, "test", Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (PrimaryFinder finder = PrimaryFinder.start(connector, Duration.ofSeconds(1))) {
            long begin = System.nanoTime();
            assertThat(finder.find(Duration.ofMillis(200))).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aLoadThatFindsNobodyUsesNoKeyAndEndsInTime() throws InterruptedException {
        Path file = folder.resolve("history.jsonl");
        RunClock clock = RunClock.start();
        Routes routes = Routes.none().with(Routes.OPERATOR, "machine0", Service.POSTGRES, endpoint);
        try (HistoryWriter history = HistoryWriter.create(file, clock.anchor())) {
            Recorder recorder = new Recorder(clock, history);
            Workload load = Workload.start(WorkloadSettings.standard(1), access, routes, List.of("machine0"), recorder);
            assertThatThrownBy(() -> load.awaitAcknowledged(1, Duration.ofMillis(300)))
                    .isInstanceOf(WorkloadException.class)
                    .hasMessageContaining("Waited 300 ms for 1 more acknowledged writes and saw 0");
            long begin = System.nanoTime();
            load.stop(Duration.ofSeconds(10));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
            assertThat(load.failure()).isEmpty();
        }
        assertThat(HistoryReader.read(file).writes()).isEmpty();
    }

    @Test
    void aPaceDoesNotMakeUpForWhatWasMissed() throws InterruptedException {
        Pace pace = new Pace(100);
        Thread.sleep(200);
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            pace.await();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(150));
    }
}
