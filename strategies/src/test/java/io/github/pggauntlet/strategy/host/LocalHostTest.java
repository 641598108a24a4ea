package io.github.pggauntlet.strategy.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine that this runs on holds to what every host does. */
class LocalHostTest extends HostContract {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final LocalHost host = new LocalHost("here", "192.0.2.7");

    @Override
    protected Host host() {
        return host;
    }

    @Override
    protected String directory() {
        return directory.toString();
    }

    @Override
    protected String owner() {
        return System.getProperty("user.name");
    }

    @Test
    void isWhatItIsCalled() {
        assertThat(host.name()).isEqualTo("here");
        assertThat(host.address()).isEqualTo("192.0.2.7");
    }

    /** As every program does that starts a service and returns. */
    @Test
    void whatWasSaidIsNotLostWhenAChildLivesOnAndHoldsThePipe() throws Exception {
        CommandResult result = host.run(Command.of(LIMIT, "sh", "-c", "sleep 300 & echo $!"));

        assertThat(result.succeeded()).isTrue();
        assertThat(result.output()).isNotBlank();
        long child = Long.parseLong(result.output().strip());
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    }
}
