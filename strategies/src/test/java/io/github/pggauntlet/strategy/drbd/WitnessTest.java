package io.github.pggauntlet.strategy.drbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.drbd.Witness.Answer;
import io.github.pggauntlet.strategy.drbd.Witness.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The witness lets one machine write alone, whatever comes late; asked by etcd's own JSON, of a stand-in with one key. */
class WitnessTest {

    private StandInEtcd etcd;

    @BeforeEach
    void start() throws IOException {
        etcd = new StandInEtcd();
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    private Witness of(String member) {
        return etcd.of(member);
    }

    @Test
    void theFirstWhoAsksIsLetInAndStaysIn() throws InterruptedException {
        assertThat(of("machine1").obtain()).isEqualTo(Answer.GRANTED);
        assertThat(of("machine0").obtain()).isEqualTo(Answer.TAKEN);
        assertThat(of("machine1").obtain()).isEqualTo(Answer.GRANTED);
        assertThat(of("machine0").look())
                .get()
                .extracting(seen -> seen.holder().orElse(""))
                .isEqualTo("machine1");
    }

    @Test
    void whatIsReleasedCanBeHadByTheOther() throws InterruptedException {
        Witness first = of("machine0");
        first.obtain();
        first.release(first.look().orElseThrow());
        assertThat(of("machine1").obtain()).isEqualTo(Answer.GRANTED);
    }

    /** A primary saw the disks alike, the link went, DRBD's handler was granted to write alone, and only then the release. */
    @Test
    void aReleaseThatComesLateTakesNothingFromWhoWasLetInMeanwhile() throws InterruptedException {
        Witness primary = of("machine0");
        primary.obtain();
        Seen before = primary.look().orElseThrow();
        assertThat(primary.obtain()).isEqualTo(Answer.GRANTED);
        primary.release(before);
        assertThat(of("machine1").obtain()).isEqualTo(Answer.TAKEN);
    }

    @Test
    void nobodyIsLetInByAWitnessThatIsSilent() throws InterruptedException {
        etcd.close();
        assertThat(of("machine0").obtain()).isEqualTo(Answer.SILENT);
        assertThat(of("machine0").look()).isEmpty();
    }

    @Test
    void ofSeveralTheOneThatAnswersIsHeard() throws InterruptedException {
        Endpoint nobody = new Endpoint("127.0.0.1", 1);
        assertThat(new Witness(List.of(nobody, etcd.endpoint()), "gauntlet", "machine0", Duration.ofSeconds(5))
                        .obtain())
                .isEqualTo(Answer.GRANTED);
    }
}
