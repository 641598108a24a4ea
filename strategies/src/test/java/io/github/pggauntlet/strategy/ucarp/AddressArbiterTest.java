package io.github.pggauntlet.strategy.ucarp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Two machines, their addresses' states in files as the scripts write them, and a link between them that can be cut. */
class AddressArbiterTest {

    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Set<String> BOTH = Set.of("a", "b");

    @TempDir
    private Path directory;

    private final AtomicLong now = new AtomicLong(1);
    private final Map<String, AddressArbiter> arbiters = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private final List<String> questions = new ArrayList<>();
    private boolean linked = true;
    private int turn;

    @BeforeEach
    void boot() throws IOException {
        for (String name : BOTH) {
            Files.createDirectories(directory.resolve(name));
            restart(name);
        }
    }

    private AddressArbiter restart(String name) {
        String other = name.equals("a") ? "b" : "a";
        AddressArbiter arbiter = new AddressArbiter(
                new AddressArbiter.Place(name, other, name.equals("a"), LEASE, false),
                new AddressTurn(directory.resolve(name)),
                new LedgerFile(directory.resolve(name).resolve("ledger.json"), new JsonMapper()),
                (member, question) -> {
                    questions.add(question);
                    return Optional.ofNullable(arbiters.get(member))
                            .filter(there -> linked)
                            .map(there -> there.answer(question));
                },
                () -> running.contains(name),
                new PeerDeath(new SilenceIsDeath(), other, Duration.ZERO, now::get),
                now::get,
                new JsonMapper());
        arbiters.put(name, arbiter);
        return arbiter;
    }

    private void die(String name) throws IOException {
        arbiters.remove(name);
        backup(name);
    }

    private void master(String name) throws IOException {
        Files.writeString(directory.resolve(name).resolve("state"), "MASTER " + ++turn + "\n");
    }

    private void backup(String name) throws IOException {
        Files.writeString(directory.resolve(name).resolve("state"), "BACKUP " + ++turn + "\n");
    }

    private boolean givenAway(String name) {
        return Files.exists(directory.resolve(name).resolve("give-away"));
    }

    private AddressArbiter at(String name) {
        return java.util.Objects.requireNonNull(arbiters.get(name));
    }

    private Optional<Lease> acquire(String name) throws InterruptedException {
        return at(name).acquire(name, at(name).read(), LEASE);
    }

    private static Succession both(String by, int timeline) {
        return new Succession(BOTH, 1, by, timeline);
    }

    /** A is primary in term 1, B its promotable standby. */
    private Lease form() throws IOException, InterruptedException {
        master("a");
        Lease lease = acquire("a").orElseThrow();
        assertThat(at("a").recordSystem(lease, "data")).isTrue();
        assertThat(at("a").recordSuccession(lease, both("a", 1))).isTrue();
        return lease;
    }

    @Test
    void onlyTheMasterOfTheAddressGetsTheLeaseAndOnlyWhileItIsMaster() throws IOException, InterruptedException {
        assertThat(acquire("a")).isEmpty();
        assertThat(at("a").read().holder()).contains("b");
        Lease lease = form();
        assertThat(at("a").read().holder()).contains("a");
        assertThat(at("a").renew(lease)).isTrue();
        backup("a");
        assertThat(at("a").renew(lease)).isFalse();
        assertThat(at("a").renew(lease)).as("false is final").isFalse();
    }

    @Test
    void theStandbyTakesOverWhenThePrimaryIsDead() throws IOException, InterruptedException {
        form();
        die("a");
        master("b");
        ClusterRecord seen = at("b").read();
        assertThat(seen.holder()).isEmpty();
        assertThat(seen.promotable()).contains("b");
        assertThat(acquire("b").map(Lease::term)).contains(2L);
    }

    @Test
    void theStandbyKnowsWhoseTermItIsAndOnWhatTimelineItsPrimaryWas() throws IOException, InterruptedException {
        form();
        die("a");
        master("b");
        ClusterRecord seen = at("b").read();
        assertThat(seen.elected()).contains("a");
        assertThat(seen.succession()).isEqualTo(both("a", 1));
        acquire("b");
        assertThat(at("b").read().elected()).contains("b");
        restart("a");
        assertThat(at("a").read().elected()).contains("b");
    }

    @Test
    void aStandbyThatWasRestartedWaitsForWordOfThePrimary() throws IOException, InterruptedException {
        form();
        restart("b");
        die("a");
        master("b");
        assertThat(at("b").read().promotable()).doesNotContain("b");
        assertThat(acquire("b")).isEmpty();
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        at("b").read();
        assertThat(givenAway("b")).as("what it cannot use it gives away").isTrue();
    }

    @Test
    void thePrimaryGoesOnAloneOnlyWhenTheStandbyHasTakenNoteOrIsDead() throws IOException, InterruptedException {
        Lease lease = form();
        assertThat(at("a").recordSuccession(lease, Succession.alone("a", 1))).isTrue();
        die("a");
        master("b");
        assertThat(acquire("b")).as("it has taken note").isEmpty();
    }

    /** It was booting when it was told, and the primary's PostgreSQL has died since; its agent lives. */
    @Test
    void aStandbyThatWasNotReachedLearnsFromTheFormerPrimaryThatItMayBePromoted()
            throws IOException, InterruptedException {
        master("a");
        Lease lease = acquire("a").orElseThrow();
        assertThat(at("a").recordSystem(lease, "data")).isTrue();
        Succession alone = new Succession(Set.of("a"), 1, "a", 1);
        assertThat(at("a").recordSuccession(lease, alone)).isTrue();
        assertThat(at("b").read().promotable()).isEqualTo(Set.of("a"));
        linked = false;
        assertThat(at("a").recordSuccession(lease, both("a", 1))).isTrue();
        linked = true;
        at("a").release(lease);
        backup("a");
        master("b");
        running.add("b");
        assertThat(at("b").read().promotable()).contains("b");
        assertThat(acquire("b")).isPresent();
    }

    /** A reminder that was on its way for long arrives after the word that took it back. */
    @Test
    void aWordThatComesLateIsVoid() throws IOException, InterruptedException {
        Lease lease = form();
        String reminder = questions.stream()
                .filter(question -> question.contains("TELL"))
                .reduce((first, last) -> last)
                .orElseThrow();
        assertThat(at("a").recordSuccession(lease, new Succession(Set.of("a"), 1, "a", 1)))
                .isTrue();
        at("b").answer(reminder);
        at("a").release(lease);
        die("a");
        master("b");
        assertThat(acquire("b")).isEmpty();
        assertThat(at("b").read().promotable()).doesNotContain("b");
    }

    @Test
    void aSilentStandbyIsGivenTimeToAnswer() throws IOException, InterruptedException {
        Lease lease = form();
        linked = false;
        assertThatThrownBy(() -> at("a").recordSuccession(lease, Succession.alone("a", 1)))
                .isInstanceOf(HaException.class)
                .hasMessageContaining("has not taken note yet");
        assertThat(at("a").read().promotable()).as("nothing is recorded yet").isEqualTo(BOTH);
        now.addAndGet(LEASE.toNanos());
        assertThat(at("a").recordSuccession(lease, Succession.alone("a", 1))).isTrue();
        assertThat(at("a").read().promotable()).containsExactly("a");
    }

    @Test
    void aFormerPrimaryThatReturnsAloneIsNotPromoted() throws IOException, InterruptedException {
        form();
        die("a");
        master("b");
        Lease second = acquire("b").orElseThrow();
        assertThat(at("b").recordSuccession(second, Succession.alone("b", 2)))
                .as("nobody need hear that of whom only an earlier term has vouched")
                .isTrue();
        die("b");
        restart("a");
        master("a");
        assertThat(acquire("a")).isEmpty();
    }

    @Test
    void aFormerPrimaryThatReturnsLearnsOfTheNewTerm() throws IOException, InterruptedException {
        form();
        die("a");
        master("b");
        acquire("b");
        restart("a");
        ClusterRecord seen = at("a").read();
        assertThat(seen.term()).isEqualTo(2);
        assertThat(seen.holder()).contains("b");
    }

    @Test
    void twoMastersThatHearEachOtherBecomeOnePrimary() throws IOException, InterruptedException {
        Lease first = form();
        master("b");
        assertThat(at("b").read().holder()).contains("a");
        assertThat(acquire("b")).isEmpty();
        assertThat(at("a").renew(first)).isTrue();
    }

    @Test
    void twoMastersThatDoNotHearEachOtherBecomeTwoPrimaries() throws IOException, InterruptedException {
        Lease first = form();
        linked = false;
        master("b");
        assertThat(acquire("b"))
                .as("this is what two machines alone cannot keep")
                .isPresent();
        assertThat(at("a").renew(first)).isTrue();
    }

    @Test
    void whoReleasesGivesTheAddressAwayUnlessThereIsNobodyToTakeIt() throws IOException, InterruptedException {
        Lease lease = form();
        at("a").release(lease);
        assertThat(givenAway("a")).isTrue();
        assertThat(at("a").read().holder()).as("its turn is over").contains("b");

        die("a");
        master("b");
        Lease second = acquire("b").orElseThrow();
        at("b").recordSuccession(second, Succession.alone("b", 2));
        at("b").release(second);
        assertThat(givenAway("b")).isFalse();
        assertThat(acquire("b").map(Lease::term)).contains(3L);
    }

    @Test
    void aPrimaryThatHearsOfALaterTermIsNotPrimaryAnyMore() throws IOException, InterruptedException {
        Lease first = form();
        linked = false;
        master("b");
        Lease second = acquire("b").orElseThrow();
        at("b").recordSuccession(second, Succession.alone("b", 2));
        linked = true;
        at("b").recordSuccession(second, both("b", 2));
        assertThat(at("a").renew(first)).isFalse();
    }

    @Test
    void afterACutTheLaterTermIsTheOneThatCountsWhoeverKeepsTheAddress() throws IOException, InterruptedException {
        Lease first = form();
        linked = false;
        master("b");
        Lease second = acquire("b").orElseThrow();
        at("b").recordSuccession(second, Succession.alone("b", 2));
        linked = true;
        backup("b");
        assertThat(at("b").renew(second)).isFalse();
        assertThat(at("b").read().holder())
                .as("it must not follow a primary of an earlier term")
                .isEmpty();
        assertThat(at("a").renew(first)).isFalse();
        assertThat(at("a").read().promotable()).doesNotContain("a");
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        at("a").read();
        assertThat(givenAway("a")).isTrue();
        master("b");
        assertThat(acquire("b").map(Lease::term)).contains(3L);
    }

    @Test
    void aRunningStandbyStandsStillWhileTheMasterOfTheAddressIsNotPrimary() throws IOException, InterruptedException {
        Lease lease = form();
        running.add("b");
        assertThat(at("b").read().holder()).contains("a");
        backup("a");
        assertThat(at("a").renew(lease)).isFalse();
        master("a");
        assertThat(at("b").read().holder())
                .as("it does not stream from who may yet be chosen")
                .isEmpty();
        assertThat(acquire("b")).as("the address is not its own").isEmpty();
        assertThat(acquire("a").map(Lease::term)).contains(2L);
        assertThat(at("b").read().holder()).contains("a");
    }

    @Test
    void aPrimaryThatHasEndedWaitsForAnotherOneToFollow() throws IOException, InterruptedException {
        Lease lease = form();
        at("a").release(lease);
        assertThat(at("a").read().holder()).contains("b");
    }
}
