package io.github.pggauntlet.strategy.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalHostTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private final LocalHost host = new LocalHost("here", "192.0.2.7");
    private final String me = System.getProperty("user.name");

    @Test
    void isWhatItIsCalled() {
        assertThat(host.name()).isEqualTo("here");
        assertThat(host.address()).isEqualTo("192.0.2.7");
    }

    @Test
    void tellsStatusOutputAndErrorsApart() throws InterruptedException {
        CommandResult result = host.run(shell(LIMIT, "echo out; echo err >&2; exit 3"));

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.output()).isEqualTo("out\n");
        assertThat(result.errors()).isEqualTo("err\n");
        assertThat(result.succeeded()).isFalse();
        assertThatThrownBy(result::orFail)
                .isInstanceOf(HostException.class)
                .hasMessageContaining("status 3")
                .hasMessageContaining("err");
    }

    @Test
    void argumentsAreNoLineForAShell() throws InterruptedException {
        assertThat(host.run(Command.of(LIMIT, "printf", "%s.", "a b", "$HOME", ";ls"))
                        .orFail()
                        .output())
                .isEqualTo("a b.$HOME.;ls.");
    }

    @Test
    void environmentIsAddedToTheMachinesOwn() throws InterruptedException {
        Command command = shell(LIMIT, "echo \"$GAUNTLET_TEST-${PATH:+path}\"").with("GAUNTLET_TEST", "x y");

        assertThat(host.run(command).orFail().output()).isEqualTo("x y-path\n");
    }

    @Test
    void theCommandHasNoInputToWaitFor() throws InterruptedException {
        assertThat(host.run(Command.of(LIMIT, "cat")).orFail().output()).isEmpty();
    }

    @Test
    void muchOutputOnBothStreamsIsNotHeldUp() throws InterruptedException {
        CommandResult result = host.run(shell(LIMIT, "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"))
                .orFail();

        assertThat(result.output()).hasSize(1_000_000);
        assertThat(result.errors()).hasSize(1_000_000);
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> host.run(new Command(List.of("no-such-program"), Map.of("PGPASSWORD", "hush"), LIMIT)))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("here")
                .hasMessageNotContaining("hush");
    }

    @Test
    void theTimeLimitKillsTheWholeTree() throws IOException {
        Path pids = directory.resolve("pids");
        String script = "sh -c 'echo $$ >>" + pids + "; sleep 300 & echo $! >>" + pids + "; wait' & echo $$ >>" + pids
                + "; wait";

        // As long as it takes until there is a tree to kill.
        Duration limit = SHORT;
        do {
            Files.deleteIfExists(pids);
            Command command = shell(limit, script);
            assertThatThrownBy(() -> host.run(command))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("within " + command.limit().toMillis() + " ms");
            limit = limit.multipliedBy(2);
        } while (!Files.exists(pids) || Files.readAllLines(pids).size() < 3);

        assertAllEnd(pids);
    }

    @Test
    void interruptionKillsTheWholeTree() throws Exception {
        Path pids = directory.resolve("pids");
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                host.run(shell(LIMIT, "sleep 300 & echo $! >>" + pids + "; echo $$ >>" + pids + "; wait"));
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        caller.start();
        await().atMost(LIMIT)
                .until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 2);
        caller.interrupt();
        caller.join(LIMIT.toMillis());

        assertThat(interrupted).isTrue();
        assertAllEnd(pids);
    }

    /** As every program does that starts a service and returns. */
    @Test
    void whatWasSaidIsNotLostWhenAChildLivesOnAndHoldsThePipe() throws Exception {
        CommandResult result = host.run(shell(LIMIT, "sleep 300 & echo $!"));

        assertThat(result.succeeded()).isTrue();
        assertThat(result.output()).isNotBlank();
        long child = Long.parseLong(result.output().strip());
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aFileIsWrittenWithItsModeWhateverTheUmask() throws IOException {
        for (int mode : new int[] {0600, 0640, 0755, 0666, 0400, 0711}) {
            Path file = directory.resolve("file" + mode);
            host.put(file.toString(), bytes("content"), me, mode);

            assertThat(file).hasContent("content");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(symbolic(mode));
            assertThat(host.get(file.toString())).isEqualTo(bytes("content"));
        }
    }

    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = directory.resolve("file");
        host.put(file.toString(), bytes("a longer content"), me, 0600);
        Path before = Files.createLink(directory.resolve("before"), file);
        host.put(file.toString(), bytes("short"), me, 0644);

        assertThat(file).hasContent("short");
        // Whoever has the old file open goes on reading the old content: it was replaced, not written over.
        assertThat(before).hasContent("a longer content");
    }

    @Test
    void nothingButTheFileIsLeft() throws IOException {
        host.put(directory.resolve("file").toString(), bytes("content"), me, 0600);

        assertThat(names()).containsExactly("file");
    }

    @Test
    void aFileThatCannotBeWrittenLeavesTheOldOneAndNothingElse() throws IOException {
        Path file = directory.resolve("file");
        host.put(file.toString(), bytes("old"), me, 0600);

        assertThatThrownBy(() -> host.put(file.toString(), bytes("a secret"), "no-such-user", 0600))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("a secret");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() {
        String path = directory.resolve("absent/file").toString();

        assertThatThrownBy(() -> host.put(path, bytes("x"), me, 0600))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(path);
        assertThatThrownBy(() -> host.get(path))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(path);
    }

    @Test
    void manyWritersOfOneFileLeaveTheContentOfOne() throws Exception {
        String path = directory.resolve("file").toString();
        List<byte[]> contents = List.of(filled('a'), filled('b'), filled('c'), filled('d'));
        ExecutorService writers = Executors.newFixedThreadPool(contents.size());
        try {
            List<Future<?>> puts = contents.stream()
                    .<Future<?>>map(content -> writers.submit(() -> {
                        for (int i = 0; i < 20; i++) {
                            host.put(path, content, me, 0600);
                        }
                    }))
                    .toList();
            for (Future<?> put : puts) {
                put.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }
        byte[] left = host.get(path);
        assertThat(contents).anyMatch(content -> Arrays.equals(content, left));
        assertThat(names()).containsExactly("file");
    }

    private static byte[] filled(char letter) {
        byte[] content = new byte[100_000];
        Arrays.fill(content, (byte) letter);
        return content;
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertAllEnd(Path pids) throws IOException {
        for (String pid : Files.readAllLines(pids)) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid.strip()));
            process.ifPresent(left -> {
                CompletableFuture<ProcessHandle> end = left.onExit();
                assertThat(end).as("process %s", pid).succeedsWithin(LIMIT);
            });
        }
    }

    private static Command shell(Duration limit, String script) {
        return Command.of(limit, "sh", "-c", script);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String symbolic(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode & 1 << bit) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return text.toString();
    }
}
