package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.ucarp.Pair.Happening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Two machines that can switch each other off, whatever happens to them and to the link between them. */
class FencedPairProperties {

    private static final int MANY = 500;
    private static final int LONG = 40;

    /** What leads to shots comes more often than what ends the matter. */
    private static final Map<Happening, Integer> OFTEN = Map.of(
            Happening.STEP_A, 6,
            Happening.STEP_B, 6,
            Happening.TEN_SECONDS, 4,
            Happening.WRITE, 4,
            Happening.CUT, 3,
            Happening.MASTER_A, 2,
            Happening.MASTER_B, 3);

    private Path directory = Path.of(".");

    @BeforeTry
    void makeRoom() throws IOException {
        directory = Files.createTempDirectory("pair");
    }

    @AfterTry
    void clear() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private Pair play(Pair pair, Happening... happenings) throws InterruptedException {
        for (Happening happening : happenings) {
            pair.happen(happening);
        }
        return pair;
    }

    private static List<Happening> urn() {
        List<Happening> urn = new ArrayList<>();
        for (Happening happening : Happening.values()) {
            urn.addAll(Collections.nCopies(OFTEN.getOrDefault(happening, 1), happening));
        }
        return urn;
    }

    @Provide
    Arbitrary<List<Happening>> stories() {
        return Arbitraries.of(urn()).list().ofMaxSize(60);
    }

    @Property(tries = 120)
    void nothingIsLostAndThereIsOnePrimary(@ForAll("stories") List<Happening> happenings) throws InterruptedException {
        Pair pair = new Pair(directory);
        play(pair, happenings.toArray(Happening[]::new));
    }

    /** After whatever it was, all is well again once nothing is in the way any more. */
    @Property(tries = 40)
    void whenNothingIsInTheWayThereIsAPrimary(@ForAll("stories") List<Happening> happenings)
            throws InterruptedException {
        Pair pair = new Pair(directory);
        play(pair, happenings.toArray(Happening[]::new));
        play(pair, Happening.HEAL, Happening.SWITCH_WORKS, Happening.BOOT_A, Happening.BOOT_B);
        play(pair, Happening.BACKUP_A, Happening.BACKUP_B, Happening.TEN_SECONDS);
        for (Happening master : List.of(Happening.MASTER_A, Happening.MASTER_B)) {
            if (pair.primary().isEmpty()) {
                play(pair, master, Happening.STEP_A, Happening.STEP_B);
            }
        }
        assertThat(pair.primary()).isPresent();
    }

    @Example
    void afterACutTheHolderSwitchesTheOtherOffAndGoesOn() throws InterruptedException {
        Pair pair = play(new Pair(directory), Happening.WRITE, Happening.CUT, Happening.MASTER_B);
        play(pair, Happening.A_SECOND, Happening.A_SECOND, Happening.A_SECOND, Happening.A_SECOND);
        play(pair, Happening.STEP_B, Happening.WRITE);
        assertThat(pair.acknowledged()).as("it may not go on alone yet").isEqualTo(1);
        play(pair, Happening.STEP_A, Happening.WRITE);
        assertThat(pair.isUp("b")).isFalse();
        assertThat(pair.primary()).contains("a");
        assertThat(pair.acknowledged()).isEqualTo(2);
        play(pair, Happening.BOOT_B, Happening.MASTER_B, Happening.TEN_SECONDS, Happening.STEP_B, Happening.STEP_B);
        assertThat(pair.shots()).as("who was switched off does not shoot back").isEqualTo(1);
        assertThat(pair.primary()).contains("a");
    }

    @Example
    void whenTheHolderIsSilentForAHeadStartTheStandbySwitchesItOff() throws InterruptedException {
        Pair pair = play(new Pair(directory), Happening.WRITE, Happening.CUT, Happening.MASTER_B, Happening.STEP_B);
        play(pair, Happening.TEN_SECONDS, Happening.STEP_B);
        assertThat(pair.isUp("a")).isFalse();
        assertThat(pair.primary()).contains("b");
        play(pair, Happening.BOOT_A, Happening.MASTER_A, Happening.TEN_SECONDS, Happening.STEP_A, Happening.STEP_A);
        assertThat(pair.shots()).isEqualTo(1);
        assertThat(pair.primary()).contains("b");
    }

    @Example
    void whereTheSwitchDoesNotAnswerNobodyGoesOn() throws InterruptedException {
        Pair pair = play(new Pair(directory), Happening.SWITCH_FAILS, Happening.CUT, Happening.MASTER_B);
        play(pair, Happening.STEP_B, Happening.TEN_SECONDS, Happening.STEP_B, Happening.STEP_A, Happening.WRITE);
        assertThat(pair.shots()).isEqualTo(2);
        assertThat(pair.primary()).contains("a");
        assertThat(pair.acknowledged()).isZero();
        play(pair, Happening.CRASH_A, Happening.TEN_SECONDS, Happening.STEP_B);
        assertThat(pair.primary()).isEmpty();
        play(pair, Happening.SWITCH_WORKS, Happening.TEN_SECONDS, Happening.STEP_B);
        assertThat(pair.primary()).contains("b");
    }

    /** What the property would see if there were no proof. */
    @Example
    void aSwitchThatLiesMakesTwoPrimaries() throws InterruptedException {
        Pair pair = new Pair(directory).lying();
        assertThatThrownBy(() -> play(
                        pair,
                        Happening.WRITE,
                        Happening.CUT,
                        Happening.MASTER_B,
                        Happening.STEP_B,
                        Happening.TEN_SECONDS,
                        Happening.STEP_A,
                        Happening.WRITE,
                        Happening.STEP_B))
                .isInstanceOf(AssertionError.class);
    }

    /** The property is one that drawing by lot can break. */
    @Example
    void drawnByLotALieIsFoundOut() {
        Random random = new Random(7);
        List<Happening> urn = urn();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < MANY; i++) {
                        Pair pair = new Pair(Files.createTempDirectory(directory, "lie")).lying();
                        for (int step = 0; step < LONG; step++) {
                            pair.happen(urn.get(random.nextInt(urn.size())));
                        }
                    }
                })
                .isInstanceOf(AssertionError.class);
    }
}
