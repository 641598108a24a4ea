package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.FakeArbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.streaming.ServerView.Connected;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The agent of machine0 among fakes of everything around it. */
class NodeAgentTest {

    private static final List<String> MEMBERS = List.of("machine0", "machine1", "machine2");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MANY = 12;

    private final AtomicLong now = new AtomicLong(1);
    private final FakeArbiter arbiter = new FakeArbiter(now::get);
    private final FakeArbiter.Client mine = arbiter.client();
    private final FakeArbiter.Client theirs = arbiter.client();
    private final FakeServer server = new FakeServer();
    private final Map<String, NodeStatus> peers = new HashMap<>();
    private final RecordedJournal journal = new RecordedJournal("machine0");
    private final HeldBackground background = new HeldBackground();
    private final LeaseKeeper keeper = new LeaseKeeper(mine, Duration.ofSeconds(1), server::kill);
    private NodeAgent agent = agent(Durability.SYNC);

    private NodeAgent agent(Durability durability) {
        return agent(Configs.of("machine0", MEMBERS, durability, Map.of()));
    }

    private NodeAgent agent(AgentConfig config) {
        Peers asked = members -> members.stream()
                .map(member -> peers.getOrDefault(member, NodeStatus.unreachable(member, Instant.EPOCH, "no answer")))
                .toList();
        return new NodeAgent(
                config,
                mine,
                keeper,
                server,
                new RejoinTask(config, null, null, new Ends(now::get), asked, journal),
                asked,
                journal,
                background,
                now::get);
    }

    private static Succession succession(Lease by, Set<String> members) {
        return new Succession(members, 1, by.member(), 1);
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    // Bootstrap.

    @Test
    void theFirstMemberMakesTheClusterAndOpensItOnceItIsOnRecord() throws InterruptedException {
        server.state = Postgres.ABSENT;
        steps(MANY);

        assertThat(arbiter.record().systemIdentifier()).contains("7");
        assertThat(arbiter.record().promotable()).containsExactly("machine0");
        assertThat(server.gate).isEqualTo(Gate.OPEN);
        assertThat(journal.milestones()).containsExactly(Milestone.ELECTED, Milestone.BOOTSTRAPPED, Milestone.OPENED);
        assertThat(server.doings).startsWith("bootstrap", "slots [machine1, machine2]");
    }

    @Test
    void aBootstrapWhoseRecordWasNotAnsweredIsFinishedBeforeAnythingIsAcknowledged() throws InterruptedException {
        server.state = Postgres.ABSENT;
        agent.step();
        server.atBootstrap = () -> mine.cut(true);
        agent.step();
        assertThat(server.doings).containsExactly("bootstrap");
        assertThat(arbiter.record().systemIdentifier()).isEmpty();
        server.atBootstrap = () -> {};
        mine.cut(false);
        steps(MANY);

        assertThat(arbiter.record().systemIdentifier()).contains("7");
        assertThat(server.gate).isEqualTo(Gate.OPEN);
    }

    @Test
    void aBootstrapThatBrokeOffIsGoneOnWith() throws InterruptedException {
        server.state = Postgres.ABSENT;
        server.atBootstrap = () -> {
            throw new HaException("create database took too long");
        };
        steps(3);
        assertThat(arbiter.record().systemIdentifier()).isEmpty();
        assertThat(server.gate).isEqualTo(Gate.CLOSED);
        server.atBootstrap = () -> {};
        steps(MANY);

        assertThat(arbiter.record().systemIdentifier()).contains("7");
        assertThat(server.gate).isEqualTo(Gate.OPEN);
    }

    @Test
    void aBootstrapThatWasKilledBeforeItWasOnRecordIsMadeAnew() throws InterruptedException {
        server.state = Postgres.ABSENT;
        server.atBootstrap = () -> {
            server.state = Postgres.DOWN_PRIMARY;
            server.unrecorded = true;
            throw new HaException("the watchdog has killed it");
        };
        steps(3);
        assertThat(arbiter.record().systemIdentifier()).isEmpty();
        server.atBootstrap = () -> {};
        steps(MANY);

        assertThat(arbiter.record().systemIdentifier()).contains("7");
        assertThat(server.gate).isEqualTo(Gate.OPEN);
    }

    /** They may be all that is left of a cluster whose arbiters have lost their memory. */
    @Test
    void dataThatNoBootstrapHasLeftAreNeverReplacedByAnEmptyCluster() throws InterruptedException {
        server.state = Postgres.DOWN_PRIMARY;
        steps(MANY);

        assertThat(server.doings).doesNotContain("bootstrap");
        assertThat(arbiter.record().systemIdentifier()).isEmpty();
    }

    @Test
    void aMemberWithoutDataNeverBeginsAnewBesideACluster() throws InterruptedException {
        makeCluster("machine1", Set.of("machine1"));
        theirs.release(lastLease);
        server.state = Postgres.ABSENT;
        for (int i = 0; i < MANY; i++) {
            pass(Duration.ofSeconds(10));
            agent.step();
        }

        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(server.doings).isEmpty();
    }

    // Take-over.

    @Test
    void aStandbyTakesOverOnceTheLeaseIsFree() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        server.upstream = Optional.of("machine1");
        steps(3);
        assertThat(server.doings).isEmpty();
        theirs.release(lastLease);
        steps(MANY);

        assertThat(arbiter.record().heldBy("machine0")).isTrue();
        assertThat(arbiter.record().promotable()).containsExactly("machine0");
        assertThat(server.state).isEqualTo(Postgres.PRIMARY);
        assertThat(journal.milestones())
                .containsExactly(
                        Milestone.VACANCY_SEEN,
                        Milestone.ELECTED,
                        Milestone.PROMOTION_STARTED,
                        Milestone.ALONE,
                        Milestone.PROMOTED,
                        Milestone.OPENED);
        // When the gate opened, nobody else could be promoted any more.
        assertThat(server.promotableAtOpening).containsExactly(Set.of("machine0"));
    }

    @Test
    void aStandbyOutsideThePromotableSetNeverTakesOver() throws InterruptedException {
        makeCluster("machine1", Set.of("machine1"));
        server.standby(1, 500);
        theirs.release(lastLease);
        for (int i = 0; i < MANY; i++) {
            pass(Duration.ofSeconds(10));
            agent.step();
        }

        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(server.doings).doesNotContain("promote");
    }

    @Test
    void nobodyTakesOverWhileAPeerSaysThatItIsPrimary() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        theirs.release(lastLease);
        peers.put("machine1", peer("machine1", NodeRole.PRIMARY, true, 1, 500));
        for (int i = 0; i < MANY; i++) {
            pass(Duration.ofSeconds(10));
            agent.step();
        }
        assertThat(arbiter.record().holder()).isEmpty();

        peers.remove("machine1");
        steps(2);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
    }

    @Test
    void aStandbyStopsReceivingBeforeAnybodyIsChosen() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        server.upstream = Optional.of("machine1");
        server.lingering = true;
        theirs.release(lastLease);
        steps(1);
        assertThat(server.doings).containsExactly("detach");

        // It has been told, and still receives.
        steps(3);
        assertThat(server.doings).containsExactly("detach");
        assertThat(arbiter.record().holder()).isEmpty();
        server.lingering = false;
        steps(1);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
    }

    /** The record is not read again between the two, so the arbiter itself must notice. */
    @Test
    void whoStopsReceivingTakesTheRoleOnlyIfNothingHasChangedMeanwhile() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        server.upstream = Optional.of("machine1");
        theirs.release(lastLease);
        steps(1);
        assertThat(server.doings).containsExactly("detach");

        makeCluster("machine1", Set.of("machine1"));
        steps(MANY);
        assertThat(arbiter.record().heldBy("machine1")).isTrue();
        assertThat(server.doings).containsExactly("detach", "follow machine1");
    }

    /** Whoever was not there when this one stopped receiving may be there, and have more, when it has stopped. */
    @Test
    void whatOthersSaidLongAgoIsAskedAgainBeforeAnybodyIsChosen() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1", "machine2"));
        server.standby(1, 500);
        server.upstream = Optional.of("machine1");
        theirs.release(lastLease);
        steps(1);
        assertThat(server.doings).containsExactly("detach");
        server.state = Postgres.STARTING;
        steps(1);

        server.standby(1, 500);
        peers.put("machine2", peer("machine2", NodeRole.STANDBY, false, 1, 501));
        pass(Duration.ofSeconds(1));
        steps(1);
        assertThat(arbiter.record().holder()).isEmpty();
    }

    /** What that question settles is for it alone to settle; and nobody else's answer may be mistaken for this one's. */
    @Test
    void aStepDoesNotEndBeforeTheArbiterHasAnsweredItsQuestion() throws Exception {
        makeCluster("machine1", Set.of("machine0", "machine1"));
        CountDownLatch answer = new CountDownLatch(1);
        Arbiter slow = (Arbiter) Proxy.newProxyInstance(
                NodeAgentTest.class.getClassLoader(), new Class<?>[] {Arbiter.class}, (proxy, method, arguments) -> {
                    answer.await();
                    return method.invoke(mine, arguments);
                });
        server.atObserve = () -> {
            throw new HaException("PostgreSQL did not answer");
        };
        try (BackgroundThreads threads = new BackgroundThreads(() -> {})) {
            AgentConfig config = Configs.of("machine0", MEMBERS, Durability.SYNC, Map.of());
            agent = new NodeAgent(
                    config,
                    slow,
                    keeper,
                    server,
                    new RejoinTask(config, null, null, new Ends(now::get), members -> List.of(), journal),
                    members -> List.of(),
                    journal,
                    threads,
                    now::get);
            FutureTask<NodeAgent.Pace> step = new FutureTask<>(agent::step);
            Thread stepping = new Thread(step);
            stepping.start();
            await().atMost(LIMIT)
                    .until(() -> stepping.getState() == Thread.State.WAITING
                            || stepping.getState() == Thread.State.TERMINATED);
            assertThat(step).isNotDone();
            answer.countDown();
            assertThat(step.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(NodeAgent.Pace.TICK);
        }
    }

    /** What the other has and this one lacks may have been acknowledged. */
    @Test
    void whoIsBehindAnotherThatMayBePromotedNeverTakesOverInItsPlace() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1", "machine2"));
        server.standby(1, 500);
        peers.put("machine2", peer("machine2", NodeRole.STANDBY, false, 1, 501));
        theirs.release(lastLease);
        for (int i = 0; i < MANY; i++) {
            pass(Duration.ofSeconds(10));
            agent.step();
        }
        assertThat(arbiter.record().holder()).isEmpty();

        peers.put("machine2", peer("machine2", NodeRole.STANDBY, false, 1, 500));
        steps(2);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
    }

    @Test
    void nobodyTakesOverBeforeAsManyAreHeardAsAreAskedFor() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1", "machine2"));
        theirs.recordSuccession(
                lastLease, new Succession(Set.of("machine0", "machine1", "machine2"), 2, "machine1", 1));
        server.standby(1, 500);
        theirs.release(lastLease);
        for (int i = 0; i < MANY; i++) {
            pass(Duration.ofSeconds(10));
            agent.step();
        }
        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(agent.published().note()).contains("it takes 2 of them");

        peers.put("machine2", peer("machine2", NodeRole.STANDBY, false, 1, 499));
        steps(2);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
    }

    @Test
    void strictANewPrimaryLetsCommitsWaitUntilAStandbyHasJoined() throws InterruptedException {
        agent = agent(Durability.STRICT);
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        theirs.release(lastLease);
        steps(MANY);
        assertThat(server.state).isEqualTo(Postgres.PRIMARY);
        assertThat(server.gate).isEqualTo(Gate.CLOSED);
        assertThat(journal.milestones()).doesNotContain(Milestone.OPENED);
        // The one it waits for may have to be rewound first.
        assertThat(background.begunAside).containsExactly("checkpoint");

        server.standbys = List.of(new Connected("machine2", true, true, new Lsn(1000)));
        steps(MANY);
        assertThat(server.gate).isEqualTo(Gate.with("machine2"));
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine2");
        assertThat(journal.milestones()).contains(Milestone.OPENED);

        server.standbys = List.of();
        steps(MANY);
        assertThat(server.gate).isEqualTo(Gate.with("machine2"));
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine2");
    }

    /** Its backends answer for a moment longer, and see no standby any more. */
    @Test
    void aPrimaryWhosePostmasterHasJustDiedTakesNobodyOffTheRecord() throws InterruptedException {
        beOpen();
        beRedundant();
        server.dead = true;
        steps(2);
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine1");

        server.state = Postgres.DOWN_PRIMARY;
        agent.step();
        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine1");
    }

    @Test
    void aPrimaryThatAnswersNothingGivesTheLeaseAway() throws InterruptedException {
        beOpen();
        server.state = Postgres.SILENT;
        steps(2);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
        pass(Duration.ofMillis(3100));
        mine.renew(keeper.held().orElseThrow());
        server.doings.clear();
        agent.step();

        assertThat(server.doings).containsExactly("kill");
        assertThat(arbiter.record().holder()).isEmpty();
    }

    @Test
    void theRoleIsKeptIfNobodyElseMayTakeIt() throws InterruptedException {
        beOpen();
        server.doings.clear();
        agent.stepDown();
        steps(3);

        assertThat(server.doings).doesNotContain("stop");
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
        assertThat(journal.milestones()).contains(Milestone.STEP_FAILED);
    }

    @Test
    void aPromotionThatLeadsToNoNewTimelineIsNotBelieved() throws InterruptedException {
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        server.promotesTo = 1;
        theirs.release(lastLease);
        steps(3);

        assertThat(journal.milestones())
                .contains(Milestone.PROMOTION_STARTED, Milestone.STEP_FAILED, Milestone.LEASE_RELEASED)
                .doesNotContain(Milestone.PROMOTED, Milestone.OPENED);
        assertThat(server.doings).contains("kill");
    }

    // A primary that fails or gives up.

    @Test
    void aPrimaryWhosePostmasterDiesGivesTheLeaseAwayOnlyWhenNothingIsLeft() throws InterruptedException {
        beOpen();
        server.state = Postgres.DOWN_PRIMARY;
        server.atKill = () -> assertThat(arbiter.record().heldBy("machine0")).isTrue();
        server.doings.clear();
        agent.step();

        assertThat(server.doings).containsExactly("kill");
        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(journal.milestones())
                .endsWith(Milestone.FAILURE_DETECTED, Milestone.FENCED, Milestone.LEASE_RELEASED);
    }

    @Test
    void aCrashedPrimaryIsRestartedInPlaceIfThatIsThePolicyButNotTwice() throws InterruptedException {
        agent = agent(Configs.restarting("machine0", MEMBERS, Duration.ofSeconds(10)));
        beOpen();
        server.state = Postgres.DOWN_PRIMARY;
        server.doings.clear();
        agent.step();
        assertThat(server.doings).containsExactly("kill", "restart");
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
        assertThat(arbiter.record().term()).isEqualTo(1);
        server.state = Postgres.PRIMARY;
        steps(2);

        server.state = Postgres.DOWN_PRIMARY;
        server.doings.clear();
        agent.step();
        assertThat(server.doings).containsExactly("kill");
        assertThat(arbiter.record().holder()).isEmpty();
    }

    @Test
    void aRestartInPlaceThatTakesTooLongMakesWay() throws InterruptedException {
        agent = agent(Configs.restarting("machine0", MEMBERS, Duration.ofSeconds(2)));
        beOpen();
        server.state = Postgres.DOWN_PRIMARY;
        agent.step();
        server.state = Postgres.STARTING;
        server.doings.clear();
        agent.step();
        assertThat(server.doings).isEmpty();
        pass(Duration.ofMillis(2001));
        mine.renew(keeper.held().orElseThrow());
        agent.step();

        assertThat(server.doings).containsExactly("kill");
        assertThat(arbiter.record().holder()).isEmpty();
    }

    @Test
    void aPrimaryThatWasNeverOpenInItsTermIsNotRestarted() throws InterruptedException {
        agent = agent(Configs.restarting("machine0", MEMBERS, Duration.ofSeconds(10)));
        makeCluster("machine1", Set.of("machine0", "machine1"));
        server.standby(1, 500);
        server.promotesTo = 1;
        theirs.release(lastLease);
        steps(3);

        assertThat(server.doings).doesNotContain("restart");
        assertThat(journal.milestones()).contains(Milestone.LEASE_RELEASED);
    }

    /** Both have the same; by the configuration it would be this one's turn. */
    @Test
    void theRoleIsLeftToWhoIsFavouredForAsLongAsThatMayTake() throws InterruptedException {
        makeCluster("machine2", Set.of("machine0", "machine1", "machine2"));
        server.standby(1, 500);
        server.upstream = Optional.empty();
        peers.put("machine1", peer("machine1", NodeRole.STANDBY, false, 1, 500));
        agent.favour("machine1");
        theirs.release(lastLease);
        steps(3);
        assertThat(arbiter.record().holder()).isEmpty();

        pass(Duration.ofMillis(6001));
        steps(3);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
    }

    @Test
    void aPrimaryWithoutALeaseIsKilledEvenWithinALongStep() throws InterruptedException {
        beOpen();
        arbiter.forgetLease();
        await().atMost(LIMIT).until(() -> server.doings.contains("kill"));
        // As if the fence had not reached it.
        server.state = Postgres.PRIMARY;
        background.busy = true;
        server.doings.clear();
        agent.step();

        assertThat(server.doings).containsExactly("kill");
        assertThat(journal.milestones()).endsWith(Milestone.FENCED);
    }

    @Test
    void withoutTheArbiterNothingIsBegun() throws InterruptedException {
        beOpen();
        server.standbys = List.of(new Connected("machine1", true, false, new Lsn(1000)));
        mine.cut(true);
        server.doings.clear();

        assertThat(agent.step()).isEqualTo(NodeAgent.Pace.TICK);
        assertThat(server.doings).isEmpty();
        assertThat(agent.published().note()).contains("did not answer");
    }

    @Test
    void whoIsToldToStepDownStopsInOrderAndLeavesTheRoleToAnother() throws InterruptedException {
        beOpen();
        beRedundant();
        server.doings.clear();
        agent.stepDown();
        agent.step();

        assertThat(server.doings).containsExactly("stop");
        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(journal.milestones()).endsWith(Milestone.DEMOTED, Milestone.FENCED, Milestone.LEASE_RELEASED);
        steps(3);
        assertThat(server.doings).containsExactly("stop");

        // Somebody else takes over: the order is spent, the way back is looked for.
        Lease other =
                theirs.acquire("machine1", theirs.read(), Duration.ofSeconds(3)).orElseThrow();
        assertThat(other.term()).isEqualTo(2);
        steps(2);
        assertThat(background.begun).containsExactly("rejoin");
    }

    @Test
    void aRoleThatNobodyTakesIsTakenBackAfterTwoLeases() throws InterruptedException {
        beOpen();
        beRedundant();
        agent.stepDown();
        agent.step();
        pass(Duration.ofSeconds(5));
        steps(3);
        assertThat(arbiter.record().holder()).isEmpty();
        pass(Duration.ofSeconds(4));
        steps(MANY);
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
        assertThat(arbiter.record().heldBy("machine0")).isTrue();
        assertThat(server.state).isEqualTo(Postgres.PRIMARY);
    }

    @Test
    void anAgentThatEndsHandsTheRoleOver() throws InterruptedException {
        beOpen();
        server.atStop = () -> assertThat(arbiter.record().heldBy("machine0")).isTrue();
        agent.shutDown();

        assertThat(server.state).isEqualTo(Postgres.DOWN_PRIMARY);
        assertThat(arbiter.record().holder()).isEmpty();
        assertThat(journal.milestones()).endsWith(Milestone.LEASE_RELEASED, Milestone.AGENT_STOPPED);
    }

    // Alone and redundant.

    @Test
    void aStandbyThatStreamsBecomesPromotableAndOneThatIsGoneCeasesToBe() throws InterruptedException {
        beOpen();
        server.standbys = List.of(new Connected("machine1", true, false, new Lsn(1000)));
        server.doings.clear();
        steps(2);
        assertThat(server.doings).containsExactly("gate " + Gate.CLOSED, "mark");
        steps(3);
        // Not synchronous yet, and its disk does not have the mark.
        assertThat(arbiter.record().promotable()).containsExactly("machine0");
        server.standbys = List.of(new Connected("machine1", true, true, new Lsn(server.marked.value() - 1)));
        steps(3);
        assertThat(arbiter.record().promotable()).containsExactly("machine0");
        server.standbys = List.of(new Connected("machine1", true, true, server.marked));
        steps(3);
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine1");
        assertThat(server.doings).contains("nudge");
        assertThat(journal.milestones()).endsWith(Milestone.REDUNDANT);

        server.standbys = List.of();
        server.promotableAtOpening.clear();
        steps(3);
        assertThat(server.gate).isEqualTo(Gate.OPEN);
        assertThat(server.promotableAtOpening).containsExactly(Set.of("machine0"));
        assertThat(journal.milestones()).endsWith(Milestone.ALONE);
    }

    @Test
    void aMarkThatFailsLeavesNoClosedGate() throws InterruptedException {
        beOpen();
        server.standbys = List.of(new Connected("machine1", true, false, new Lsn(1000)));
        server.atMark = () -> {
            throw new HaException("no commit was seen to wait");
        };
        steps(2);

        assertThat(server.gate).isEqualTo(Gate.OPEN);
        assertThat(arbiter.record().promotable()).containsExactly("machine0");
    }

    /** The record was made; only the answer was lost. */
    @Test
    void aRecordWhoseAnswerWasLostIsSeenAtTheNextLook() throws InterruptedException {
        beOpen();
        background.begun.clear();
        server.standbys = List.of(new Connected("machine1", true, false, new Lsn(1000)));
        steps(2);
        server.standbys = List.of(new Connected("machine1", true, true, server.marked));
        server.atObserve = () -> mine.loseRecords(true);
        steps(1);
        server.atObserve = () -> {};
        mine.loseRecords(false);
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine1");

        // Nobody is on the way any more: there is nothing to look around for without pause.
        assertThat(agent.step()).isEqualTo(NodeAgent.Pace.TICK);
        assertThat(server.gate).isEqualTo(Gate.with("machine1"));
    }

    @Test
    void anAsynchronousClusterTakesInWhoKeepsUpAndPutsOutWhoLags() throws InterruptedException {
        agent = agent(Durability.ASYNC);
        beOpen();
        server.standbys = List.of(new Connected("machine1", true, false, server.lsn));
        steps(2);
        assertThat(arbiter.record().promotable()).containsExactlyInAnyOrder("machine0", "machine1");
        assertThat(server.gate).isEqualTo(Gate.OPEN);

        server.lsn = new Lsn(server.lsn.value() + 100);
        steps(1);
        pass(Duration.ofSeconds(2));
        steps(2);
        assertThat(arbiter.record().promotable()).contains("machine1");
        pass(Duration.ofMillis(1));
        steps(2);
        assertThat(arbiter.record().promotable()).containsExactly("machine0");
    }

    @Test
    void afterTheOpeningItMakesTheCheckpointThatOthersAreRewoundFrom() throws InterruptedException {
        beOpen();
        steps(2);
        assertThat(background.begunAside).containsExactly("checkpoint");
        assertThat(agent.published().rewindReady(1)).isFalse();
        background.runAside();

        assertThat(server.doings).contains("checkpoint");
        assertThat(agent.published().rewindReady(1)).isTrue();
        steps(3);
        assertThat(background.begunAside).hasSize(1);
    }

    // Following.

    @Test
    void aStandbyFollowsWhoeverHoldsTheLease() throws InterruptedException {
        makeCluster("machine1", Set.of("machine1"));
        server.standby(1, 500);
        server.upstream = Optional.of("machine2");
        steps(3);

        assertThat(server.doings).containsExactly("follow machine1");
    }

    @Test
    void aStandbyThatDoesNotStreamLooksForAnotherWayOnlyWhenThePrimaryIsThere() throws InterruptedException {
        makeCluster("machine1", Set.of("machine1"));
        server.standby(1, 500);
        server.upstream = Optional.of("machine1");
        server.streaming = false;
        for (int i = 0; i < 3; i++) {
            steps(2);
            pass(Duration.ofSeconds(4));
            theirs.renew(lastLease);
        }
        steps(2);
        assertThat(background.begun).isEmpty();

        peers.put("machine1", peer("machine1", NodeRole.PRIMARY, true, 1, 900));
        for (int i = 0; i < 3; i++) {
            steps(1);
            pass(Duration.ofSeconds(2));
            theirs.renew(lastLease);
        }
        steps(1);
        assertThat(background.begun).containsExactly("rejoin");
        assertThat(server.doings).containsExactly("stop");
    }

    @Test
    void aFormerPrimaryFindsItsWayBack() throws InterruptedException {
        makeCluster("machine1", Set.of("machine1"));
        server.state = Postgres.DOWN_PRIMARY;
        steps(1);

        assertThat(background.begun).containsExactly("rejoin");
    }

    // Fixtures.

    private Lease lastLease;

    /** Another member is primary of a cluster that is on record. */
    private void makeCluster(String holder, Set<String> promotable) throws InterruptedException {
        lastLease = theirs.acquire(holder, theirs.read(), Duration.ofHours(1)).orElseThrow();
        theirs.recordSystem(lastLease, "7");
        theirs.recordSuccession(lastLease, succession(lastLease, promotable));
    }

    /** This member is primary, alone and open. */
    private void beOpen() throws InterruptedException {
        server.state = Postgres.ABSENT;
        steps(5);
        assertThat(server.gate).isEqualTo(Gate.OPEN);
        assertThat(journal.milestones()).endsWith(Milestone.OPENED);
    }

    /** Another member is on record as one that may be promoted. */
    private void beRedundant() throws InterruptedException {
        Lease own = keeper.held().orElseThrow();
        mine.recordSuccession(own, succession(own, Set.of("machine0", "machine1")));
    }

    private void steps(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            agent.step();
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static NodeStatus peer(String member, NodeRole role, boolean open, int timeline, long lsn) {
        return new NodeStatus(
                member,
                Instant.EPOCH,
                role,
                open,
                OptionalInt.of(timeline),
                Optional.of(new Lsn(lsn)),
                false,
                OptionalLong.of(1),
                Set.of(),
                true,
                "");
    }

    /** Long steps that are begun and go on until a test ends them. */
    private static final class HeldBackground implements Background {
        private final List<String> begun = new ArrayList<>();
        private final List<String> begunAside = new ArrayList<>();
        private final List<Task> aside = new ArrayList<>();
        private boolean busy;

        @Override
        public void start(String name, Task task) {
            begun.add(name);
            busy = true;
        }

        @Override
        public void startAside(String name, Task task) {
            begunAside.add(name);
            aside.add(task);
        }

        @Override
        public <T> Future<T> ask(Callable<T> question) {
            FutureTask<T> asked = new FutureTask<>(question);
            asked.run();
            return asked;
        }

        void runAside() throws InterruptedException {
            for (Task task : aside) {
                task.run();
            }
        }

        @Override
        public boolean busy() {
            return busy;
        }
    }

    /** A PostgreSQL that does as it is told, at once. */
    private final class FakeServer implements Server {
        private final List<String> doings = new CopyOnWriteArrayList<>();
        private final List<Set<String>> promotableAtOpening = new ArrayList<>();
        private volatile Postgres state = Postgres.DOWN_STANDBY;
        private int timeline = 1;
        private int promotesTo = 2;
        private Lsn lsn = new Lsn(1000);
        private Lsn marked = Lsn.INVALID;
        private boolean streaming = true;
        private boolean lingering;
        private boolean dead;
        private boolean unrecorded;
        private List<Connected> standbys = List.of();
        private Optional<String> upstream = Optional.empty();
        private volatile Gate gate = Gate.CLOSED;
        private Runnable atBootstrap = () -> {};
        private Runnable atKill = () -> {};
        private Runnable atStop = () -> {};
        private Runnable atMark = () -> {};
        private Runnable atObserve = () -> {};

        void standby(int onTimeline, long at) {
            state = Postgres.STANDBY;
            timeline = onTimeline;
            lsn = new Lsn(at);
        }

        @Override
        public ServerView observe() {
            atObserve.run();
            return switch (state) {
                case ABSENT, DOWN_PRIMARY, DOWN_STANDBY -> ServerView.without(state, OptionalLong.empty());
                case STARTING, SILENT -> ServerView.without(state, OptionalLong.of(1));
                case STANDBY ->
                    new ServerView(
                            state,
                            OptionalLong.of(1),
                            timeline,
                            lsn,
                            (streaming && upstream.isPresent()) || lingering,
                            List.of());
                case PRIMARY -> new ServerView(state, OptionalLong.of(1), timeline, lsn, false, standbys);
            };
        }

        @Override
        public boolean running() {
            return !dead && state != Postgres.DOWN_PRIMARY && state != Postgres.DOWN_STANDBY;
        }

        @Override
        public Optional<String> upstream() {
            return upstream;
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public void bootstrap() {
            doings.add("bootstrap");
            state = Postgres.PRIMARY;
            gate = Gate.CLOSED;
            atBootstrap.run();
        }

        @Override
        public boolean unrecorded() {
            return unrecorded;
        }

        @Override
        public String systemIdentifier() {
            return "7";
        }

        @Override
        public void startStandby(Optional<String> newUpstream) {
            doings.add("start " + newUpstream);
            state = Postgres.STANDBY;
            upstream = newUpstream;
            gate = Gate.CLOSED;
        }

        @Override
        public void restartPrimary() {
            doings.add("restart");
        }

        @Override
        public void follow(String newUpstream) {
            doings.add("follow " + newUpstream);
            upstream = Optional.of(newUpstream);
        }

        @Override
        public void detach() {
            doings.add("detach");
            upstream = Optional.empty();
        }

        @Override
        public void beginPromotion() {
            doings.add("promote");
            assertThat(gate).isEqualTo(Gate.CLOSED);
            assertThat(arbiter.record().heldBy("machine0")).isTrue();
        }

        @Override
        public int awaitPromoted(Duration limit) {
            state = Postgres.PRIMARY;
            timeline = promotesTo;
            upstream = Optional.empty();
            return timeline;
        }

        @Override
        public void ensureSlots(List<String> members) {
            doings.add("slots " + members);
        }

        @Override
        public void apply(Gate newGate) {
            doings.add("gate " + newGate);
            gate = newGate;
            if (newGate.equals(Gate.OPEN)) {
                promotableAtOpening.add(arbiter.record().promotable());
            }
        }

        @Override
        public Lsn mark(Gate newGate, Duration limit) {
            atMark.run();
            doings.add("mark");
            assertThat(gate).isEqualTo(Gate.CLOSED);
            gate = newGate;
            lsn = new Lsn(lsn.value() + 8);
            marked = lsn;
            return marked;
        }

        @Override
        public void nudge() {
            doings.add("nudge");
        }

        @Override
        public void checkpoint() {
            doings.add("checkpoint");
        }

        @Override
        public boolean rewindReady() {
            return doings.contains("checkpoint");
        }

        @Override
        public void stop() {
            atStop.run();
            doings.add("stop");
            state = state == Postgres.PRIMARY ? Postgres.DOWN_PRIMARY : Postgres.DOWN_STANDBY;
        }

        @Override
        public void kill() {
            atKill.run();
            doings.add("kill");
            state = state == Postgres.PRIMARY ? Postgres.DOWN_PRIMARY : state;
        }
    }
}
