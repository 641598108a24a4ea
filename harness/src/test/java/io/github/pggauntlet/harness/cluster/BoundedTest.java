package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Bounded bounded = new Bounded("test");

    @AfterEach
    void close() {
        bounded.close();
    }

    @Test
    void aCallThatHangsIsGivenUpAndInterrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> bounded.run("the answer to everything", Duration.ofMillis(20), () -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                }))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Waited 0.02 s for the answer to everything, and there was no answer.");
        interrupted.await();
    }

    @Test
    void failuresComeOutAsTheyAre() {
        assertThatThrownBy(() -> bounded.call("x", LONG, () -> {
                    throw new IllegalArgumentException("unchecked");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bounded.call("x", LONG, () -> {
                    throw new IOException("checked");
                }))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("checked");
    }

    @Test
    void oneFailureOfSeveralIsThrownWhenAllHaveEnded() {
        CountDownLatch done = new CountDownLatch(1);
        List<Callable<Boolean>> tasks = List.of(
                () -> {
                    throw new IllegalStateException("first");
                },
                () -> {
                    Thread.sleep(20);
                    done.countDown();
                    return true;
                });

        assertThatThrownBy(() -> bounded.all("tasks", LONG, tasks)).hasMessage("first");
        assertThat(done.getCount()).isZero();
    }

    @Test
    void anInterruptIsHonoured() throws InterruptedException {
        // An answer that is there already would be taken, interrupted or not.
        CountDownLatch never = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> bounded.call("x", LONG, () -> {
                    never.await();
                    return 1;
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
