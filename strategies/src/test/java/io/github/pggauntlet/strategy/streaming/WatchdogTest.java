package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: a server is here whatever works in the data directory. */
class WatchdogTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int FIRED = 3;

    @TempDir
    Path base;

    private final BootClock clock = BootClock.ofThisMachine();
    private final List<Process> started = new ArrayList<>();
    private final List<Watchdog> dogs = new ArrayList<>();

    @BeforeEach
    void makeDirectories() throws IOException {
        for (String name : List.of("data", "memory", "log")) {
            Files.createDirectories(base.resolve(name));
        }
    }

    @AfterEach
    void end() {
        dogs.forEach(dog -> {
            dog.over();
            dog.unwatch();
            dog.close();
        });
        started.forEach(Process::destroyForcibly);
    }

    private Watchdog watchdog() {
        Watchdog dog = new Watchdog(new PostgresLayout(base.toString()), clock);
        dogs.add(dog);
        dog.beginLife();
        dog.watch();
        return dog;
    }

    /** A postmaster and a backend of it, deaf to everything that can be ignored. */
    private Process server() throws IOException {
        Process process = new ProcessBuilder("bash", "-c", "trap '' INT QUIT TERM; sleep 600 & while :; do wait; done")
                .directory(base.resolve("data").toFile())
                .start();
        started.add(process);
        return process;
    }

    private Process stranger() throws IOException {
        Process process =
                new ProcessBuilder("sleep", "600").directory(base.toFile()).start();
        started.add(process);
        return process;
    }

    private static void awaitEnd(ProcessHandle process) {
        await().atMost(LIMIT).until(() -> !process.isAlive());
    }

    private static ProcessHandle of(Watchdog dog) {
        return ProcessHandle.of(dog.pid().orElseThrow()).orElseThrow();
    }

    private void lastsFor(Watchdog dog, Duration time) {
        long now = clock.nanos();
        dog.lasts(now + time.toNanos(), now + time.toNanos());
    }

    @Test
    void whenTheDeadlinePassesTheWholeServerIsKilledAndNothingElse() throws Exception {
        Process postmaster = server();
        Process other = stranger();
        await().atMost(LIMIT).until(() -> postmaster.descendants().findAny().isPresent());
        ProcessHandle backend = postmaster.descendants().findAny().orElseThrow();
        Watchdog dog = watchdog();
        ProcessHandle process = of(dog);
        lastsFor(dog, Duration.ofMillis(300));

        assertThat(postmaster.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        awaitEnd(backend);
        awaitEnd(process);
        assertThat(other.isAlive()).isTrue();
        assertThat(base.resolve("log/watchdog.log")).content().contains("killing", Long.toString(postmaster.pid()));
    }

    @Test
    void whileLaterDeadlinesAreToldNothingHappens() throws Exception {
        Process postmaster = server();
        Watchdog dog = watchdog();
        long end = clock.nanos() + Duration.ofMillis(1500).toNanos();
        while (clock.nanos() < end) {
            lastsFor(dog, Duration.ofMillis(800));
            assertThat(postmaster.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
        }
        // And then it does, so there was somebody all the time.
        awaitEnd(postmaster.toHandle());
    }

    @Test
    void aFrozenServerIsKilledToo() throws Exception {
        Process postmaster = server();
        signal(postmaster.pid(), "STOP");
        lastsFor(watchdog(), Duration.ofMillis(200));

        awaitEnd(postmaster.toHandle());
    }

    @Test
    void aServerWhoseDirectoryWasMovedOrRemovedIsStillFound() throws Exception {
        Process postmaster = server();
        Watchdog dog = watchdog();
        Files.move(base.resolve("data"), base.resolve("elsewhere"));
        Files.delete(base.resolve("elsewhere"));
        lastsFor(dog, Duration.ofMillis(200));

        awaitEnd(postmaster.toHandle());
    }

    @Test
    void whoIsDisarmedDoesNothing() throws Exception {
        Process postmaster = server();
        Watchdog dog = watchdog();
        lastsFor(dog, Duration.ofMillis(400));
        dog.over();
        // A second watchdog with a later deadline tells that the first one's is past.
        Process second = start(base, "until " + (uptime() + 80));

        assertThat(second.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(FIRED);
        awaitEnd(postmaster.toHandle());
        assertThat(base.resolve("log/watchdog.log")).isEmptyFile();
    }

    @Test
    void whoIsNotNeededAnyMoreIsGoneAtOnceAndLeavesTheServerAlone() throws Exception {
        Process postmaster = server();
        Watchdog dog = watchdog();
        lastsFor(dog, Duration.ofMinutes(10));
        ProcessHandle process = ProcessHandle.of(dog.pid().orElseThrow()).orElseThrow();
        dog.unwatch();

        awaitEnd(process);
        assertThat(dog.pid()).isEmpty();
        assertThat(postmaster.isAlive()).isTrue();
    }

    /** A pause of the watchdog ends while it reads: what it has by then is the beginning of a number, and long past. */
    @Test
    void halfADeadlineIsNoDeadline() throws Exception {
        Process postmaster = server();
        Process dog = start(base, "until " + (uptime() + LONG.toSeconds() * 100));
        OutputStream in = dog.getOutputStream();
        long soon = uptime() + 300;
        String later = "until " + soon + "\n";
        for (String piece : List.of(later.substring(0, 8), later.substring(8, 9))) {
            in.write(piece.getBytes(US_ASCII));
            in.flush();
            // Longer than the watchdog's pauses.
            assertThat(postmaster.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        }
        in.write(later.substring(9).getBytes(US_ASCII));
        in.flush();

        awaitEnd(postmaster.toHandle());
        assertThat(uptime()).isGreaterThanOrEqualTo(soon);
        assertThat(dog.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(dog.exitValue()).isEqualTo(FIRED);
    }

    /** The agent is killed: nobody tells anything more, and the last word holds. */
    @Test
    void itOutlivesItsAgentAndTheLastDeadlineHolds() throws Exception {
        Process postmaster = server();
        Process dog = start(base, "until " + (uptime() + 60));
        dog.getOutputStream().close();

        assertThat(dog.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(dog.exitValue()).isEqualTo(FIRED);
        awaitEnd(postmaster.toHandle());
    }

    @Test
    void withoutAgentAndServerItEndsLongBeforeTheDeadline() throws Exception {
        Process postmaster = server();
        Process dog = start(base, "until " + (uptime() + 100 * LONG.toSeconds()));
        dog.getOutputStream().close();
        postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
        postmaster.destroyForcibly();

        assertThat(dog.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(dog.exitValue()).isZero();
    }

    /** The next life of the agent has made sure that nothing was left, and starts a server in the same directory. */
    @Test
    void aWatchdogOfAnEarlierLifeLeavesTheNextServerAlone() throws Exception {
        Process dog = start(base, "until " + (uptime() + 150));
        Files.writeString(base.resolve("memory/watchdog-mark"), "another life\n");
        Process next = server();
        dog.getOutputStream().close();

        assertThat(dog.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(dog.exitValue()).isZero();
        assertThat(next.isAlive()).isTrue();
    }

    @Test
    void aWatchdogThatIsKilledIsReplacedByOneThatKnowsTheDeadline() throws Exception {
        Process postmaster = server();
        Watchdog dog = watchdog();
        ProcessHandle first = of(dog);
        lastsFor(dog, Duration.ofSeconds(3));
        signal(first.pid(), "KILL");
        await().atMost(LIMIT)
                .until(() -> Optional.of(dog.pid())
                        .filter(pid -> pid.isPresent() && pid.getAsLong() != first.pid())
                        .isPresent());

        awaitEnd(postmaster.toHandle());
    }

    @Test
    void nothingThatIsMeantForTheWholeGroupEndsIt() throws Exception {
        Process postmaster = server();
        Watchdog dog = watchdog();
        lastsFor(dog, Duration.ofSeconds(1));
        for (String signal : List.of("TERM", "INT", "HUP", "QUIT")) {
            signal(dog.pid().orElseThrow(), signal);
        }

        awaitEnd(postmaster.toHandle());
        assertThat(base.resolve("log/watchdog.log")).content().contains("killing");
    }

    @Test
    void whereThereIsNothingToWatchNobodyPretendsTo() throws IOException {
        Files.delete(base.resolve("data"));
        Watchdog dog = new Watchdog(new PostgresLayout(base.toString()), clock);
        dogs.add(dog);

        assertThatThrownBy(dog::watch).isInstanceOf(HaException.class).hasMessageContaining("could not be started");
    }

    private static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static long uptime() throws IOException {
        return BootClock.parse(Files.readString(Path.of("/proc/uptime"))).orElseThrow();
    }

    /** The script as an agent that then dies has started it. */
    private Process start(Path where, String line) throws IOException {
        Files.writeString(where.resolve("memory/watchdog-mark"), "this life\n");
        byte[] script;
        try (var resource = Watchdog.class.getResourceAsStream("watchdog.bash")) {
            script = resource.readAllBytes();
        }
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        new String(script, java.nio.charset.StandardCharsets.UTF_8),
                        "gauntlet-watchdog",
                        where.resolve("data").toString(),
                        where.resolve("memory/watchdog-mark").toString(),
                        "this life")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        started.add(process);
        process.getOutputStream().write((line + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }
}
