package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EndsTest {

    private static final int PANIC = 1;
    private static final int KILLED = 137;

    private final AtomicLong now = new AtomicLong(1);
    private final Ends ends = new Ends(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void onlyWhatEndsByItselfCounts() {
        ends.started();
        ends.ended(KILLED);
        assertThat(ends.count()).isZero();

        ends.started();
        ends.ended(PANIC);
        assertThat(ends.count()).isEqualTo(1);

        ends.started();
        ends.expect();
        ends.ended(0);
        assertThat(ends.count()).isEqualTo(1);
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        ends.started();
        ends.ended(PANIC);
        pass(Duration.ofMinutes(9));
        ends.started();
        ends.ended(PANIC);
        assertThat(ends.count()).isEqualTo(2);
        pass(Duration.ofMinutes(2));

        assertThat(ends.count()).isEqualTo(1);
        assertThat(ends.sinceLast()).isEqualTo(Duration.ofMinutes(2));
        ends.forget();
        assertThat(ends.count()).isZero();
    }
}
