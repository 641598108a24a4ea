package io.github.pggauntlet.strategy.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every {@link Host} holds to. It looks at the machine through the host alone, wherever that is. */
public abstract class HostContract {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final long SEED = 20260102;

    /** The host under test. */
    protected abstract Host host();

    /** A directory on the machine that is empty, and in which {@link #owner()} may write. */
    protected abstract String directory();

    /** Who runs commands there. */
    protected abstract String owner();

    @Test
    void tellsStatusOutputAndErrorsApart() throws InterruptedException {
        CommandResult result = host().run(shell(LIMIT, "echo out; echo err >&2; exit 3"));

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
    void argumentsArriveAsTheyAre() throws InterruptedException {
        List<String> words = List.of(
                "a b", "$HOME", "`id`", "$(id)", ";id", "'", "''", "\"", "\\", "\\'", "a\nb", "", "*", "~", "!x", "#", "é€😀",
                "-n", "a\tb", "&", "|", "<x", ">x", "{a,b}", "%s", "\\n");
        Command command = new Command(
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("sh", "-c", "for word; do printf '%s|' \"$word\"; done", "sh"),
                                words.stream())
                        .toList(),
                Map.of(),
                LIMIT);

        assertThat(host().run(command).orFail().output()).isEqualTo(String.join("|", words) + "|");
    }

    @Test
    void environmentIsAddedToTheMachinesOwn() throws InterruptedException {
        Command command = shell(LIMIT, "echo \"$GAUNTLET_TEST-${PATH:+path}\"").with("GAUNTLET_TEST", "it's $x `y`\n\\z");

        assertThat(host().run(command).orFail().output()).isEqualTo("it's $x `y`\n\\z-path\n");
    }

    /** A variable is the place for a password: nobody who lists the machine's processes shall see it. */
    @Test
    void environmentIsInNoCommandLine() throws InterruptedException {
        Command command = shell(LIMIT, "test -n \"$GAUNTLET_TEST\" && cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '")
                .with("GAUNTLET_TEST", "hush-4711");

        assertThat(host().run(command).output()).isNotEmpty().doesNotContain("hush-4711");
    }

    @Test
    void theCommandHasNoInputToWaitFor() throws InterruptedException {
        assertThat(host().run(Command.of(LIMIT, "cat")).orFail().output()).isEmpty();
    }

    @Test
    void muchOutputOnBothStreamsIsNotHeldUp() throws InterruptedException {
        CommandResult result = host().run(shell(LIMIT, "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"))
                .orFail();

        assertThat(result.output()).hasSize(1_000_000);
        assertThat(result.errors()).hasSize(1_000_000);
    }

    @Test
    void manyCommandsRunAtOnce() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> answers = java.util.stream.IntStream.range(0, 32)
                    .mapToObj(i -> callers.submit(() -> host().run(Command.of(LIMIT, "echo", Integer.toString(i)))
                            .orFail()
                            .output()))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i + "\n");
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(
                        () -> host().run(new Command(List.of("no-such-program"), Map.of("PGPASSWORD", "hush"), LIMIT)))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("no-such-program")
                .hasMessageContaining(host().name())
                .hasMessageNotContaining("hush");
    }

    @Test
    void theTimeLimitKillsTheWholeTree() throws InterruptedException {
        String pids = directory() + "/pids";
        String script = "sh -c 'echo $$ >>" + pids + "; sleep 300 & echo $! >>" + pids + "; wait' & echo $$ >>" + pids
                + "; wait";

        // As long as it takes until there is a tree to kill.
        Duration limit = SHORT;
        do {
            host().run(Command.of(LIMIT, "rm", "-f", pids)).orFail();
            Command command = shell(limit, script);
            assertThatThrownBy(() -> host().run(command))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining(host().name())
                    .hasMessageContaining("within ");
            limit = limit.multipliedBy(2);
        } while (lines(pids).size() < 3);

        assertAllEnd(pids);
    }

    @Test
    void interruptionKillsTheWholeTree() throws InterruptedException {
        String pids = directory() + "/pids";
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                host().run(shell(LIMIT, "sleep 300 & echo $! >>" + pids + "; echo $$ >>" + pids + "; wait"));
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        caller.start();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (lines(pids).size() < 2) {
            assertThat(System.nanoTime()).as("the command has begun").isLessThan(deadline);
        }
        caller.interrupt();
        caller.join(LIMIT.toMillis());

        assertThat(interrupted).isTrue();
        assertAllEnd(pids);
        // The host is as good as before.
        assertThat(host().run(Command.of(LIMIT, "echo", "on")).orFail().output()).isEqualTo("on\n");
    }

    @Test
    void aFileArrivesByteByByte() throws InterruptedException {
        byte[] content = new byte[1_000_000];
        new Random(SEED).nextBytes(content);
        String path = directory() + "/it's a $file";
        host().put(path, content, owner(), 0600);

        assertThat(host().get(path)).isEqualTo(content);
        host().put(path, new byte[0], owner(), 0600);
        assertThat(host().get(path)).isEmpty();
    }

    @Test
    void aFileIsWrittenWithItsModeWhateverTheUmask() throws InterruptedException {
        for (int mode : new int[] {0600, 0640, 0755, 0666, 0400, 0711}) {
            String file = directory() + "/file" + mode;
            host().put(file, bytes("content"), owner(), mode);

            assertThat(ask("stat", "-c", "%a %U", file)).isEqualTo(Integer.toOctalString(mode) + " " + owner() + "\n");
        }
    }

    @Test
    void aFileIsReplacedAsAWhole() throws InterruptedException {
        String file = directory() + "/file";
        String before = directory() + "/before";
        host().put(file, bytes("a longer content"), owner(), 0600);
        ask("ln", file, before);
        host().put(file, bytes("short"), owner(), 0644);

        assertThat(host().get(file)).isEqualTo(bytes("short"));
        // Whoever has the old file open goes on reading the old content: it was replaced, not written over.
        assertThat(host().get(before)).isEqualTo(bytes("a longer content"));
    }

    @Test
    void nothingButTheFileIsLeft() throws InterruptedException {
        host().put(directory() + "/file", bytes("content"), owner(), 0600);

        assertThat(names()).isEqualTo("file\n");
    }

    @Test
    void aFileThatCannotBeWrittenLeavesTheOldOneAndNothingElse() throws InterruptedException {
        String file = directory() + "/file";
        host().put(file, bytes("old"), owner(), 0600);

        assertThatThrownBy(() -> host().put(file, bytes("a secret"), "no-such-user", 0600))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(file)
                .hasMessageNotContaining("a secret");
        assertThat(host().get(file)).isEqualTo(bytes("old"));
        assertThat(names()).isEqualTo("file\n");
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() {
        String path = directory() + "/absent/file";

        assertThatThrownBy(() -> host().put(path, bytes("x"), owner(), 0600))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(path);
        assertThatThrownBy(() -> host().get(path))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(path);
    }

    @Test
    void manyWritersOfOneFileLeaveTheContentOfOne() throws Exception {
        String path = directory() + "/file";
        List<byte[]> contents = List.of(filled('a'), filled('b'), filled('c'), filled('d'));
        ExecutorService writers = Executors.newFixedThreadPool(contents.size());
        try {
            List<Future<?>> puts = contents.stream()
                    .<Future<?>>map(content -> writers.submit(() -> {
                        for (int i = 0; i < 5; i++) {
                            host().put(path, content, owner(), 0600);
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> put : puts) {
                put.get(2 * LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }
        byte[] left = host().get(path);
        assertThat(contents).anyMatch(content -> Arrays.equals(content, left));
        assertThat(names()).isEqualTo("file\n");
    }

    private static byte[] filled(char letter) {
        byte[] content = new byte[100_000];
        Arrays.fill(content, (byte) letter);
        return content;
    }

    private String names() throws InterruptedException {
        return ask("ls", "-A", directory());
    }

    private String ask(String... command) throws InterruptedException {
        return host().run(Command.of(LIMIT, command)).orFail().output();
    }

    private List<String> lines(String file) throws InterruptedException {
        return host().run(Command.of(LIMIT, "cat", file)).output().lines().toList();
    }

    /** Each of these processes ends, or is nothing any more but an entry that its parent has not read. */
    private void assertAllEnd(String pids) throws InterruptedException {
        String script = """
                patience=1000
                for pid; do
                  while grep -q '^State:[[:space:]]*[^Z]' "/proc/$pid/status" 2>/dev/null; do
                    patience=$((patience - 1))
                    [ "$patience" -gt 0 ] || { echo "$pid still runs"; exit 1; }
                    sleep 0.02
                  done
                done
                """;
        List<String> words = new java.util.ArrayList<>(List.of("sh", "-c", script, "sh"));
        words.addAll(lines(pids));
        assertThat(host().run(new Command(words, Map.of(), LIMIT)).output()).isEmpty();
    }

    private static Command shell(Duration limit, String script) {
        return Command.of(limit, "sh", "-c", script);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
