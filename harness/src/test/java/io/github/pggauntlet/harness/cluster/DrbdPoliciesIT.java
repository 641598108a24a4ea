package io.github.pggauntlet.harness.cluster;

import static io.github.pggauntlet.harness.cluster.DrbdPair.DISK_MEGABYTES;
import static io.github.pggauntlet.harness.cluster.DrbdPair.FIRST;
import static io.github.pggauntlet.harness.cluster.DrbdPair.LIMIT;
import static io.github.pggauntlet.harness.cluster.DrbdPair.SECOND;
import static io.github.pggauntlet.harness.cluster.DrbdPair.SETTLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdResource;
import io.github.pggauntlet.strategy.drbd.DrbdRules;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.GenerationIds.Relation;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.NoPrimary;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.OnePrimary;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.TwoPrimaries;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the kernel's own DRBD does of itself where it is left a choice: after a split brain, when a machine that fences has an
 * answer or none, when the copy is cut short, when a disk fails. On one pair of machines, which each test leaves alike again.
 * It is long because all of them share that pair: each further one would take its time to boot.
 */
@Tag("drbd")
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrbdPoliciesIT {

    private static final String ANSWER = """
            printf '#!/bin/sh\\necho asked >>/run/fence-peer-asked\\nexit %s\\n' "$1" >"$2"
            chmod 755 "$2"
            : >/run/fence-peer-asked
            """;

    private static final String SALVAGE = "/var/lib/gauntlet/salvage/policies.img";
    private static final String HANDLER = "/usr/local/sbin/fence-peer-says";
    private static final int MANY = 60;
    private static final int FEW = 5;

    /** Fills what the file system has left with a file, past the file system's cache. */
    private static final String FILL = """
            dd if=/dev/urandom of=/var/lib/gauntlet/disk/ballast bs=1M count="$1" oflag=direct conv=fsync status=none
            """;

    private DrbdPair pair;
    private int next = 1000;

    @BeforeAll
    void start() throws InterruptedException {
        pair = DrbdPair.start();
        pair.makeServer(FIRST);
        pair.stopServer(FIRST);
        pair.resource(FIRST).demote();
    }

    @AfterAll
    void stop() {
        if (pair != null) {
            pair.close();
        }
    }

    /** Both disks are alike, nobody is primary and nobody fences, also if the test before has failed. */
    @BeforeEach
    void whole() throws InterruptedException {
        pair.calm();
        for (String each : List.of(FIRST, SECOND)) {
            pair.resource(each).configure();
        }
        meet();
    }

    private int numbers(int count) {
        next += count;
        return next - count;
    }

    private Set<Integer> write(String machine, int count) throws InterruptedException {
        int from = numbers(count);
        return pair.write(machine, from, from + count);
    }

    private void stopAndDemote(String machine) throws InterruptedException {
        pair.stopServer(machine);
        pair.resource(machine).demote();
    }

    // ---- after a split brain

    @DisplayName("after a split brain")
    @ParameterizedTest(name = "with {0} primaries when they meet again, {1}/{2}/{3} keeps both apart: {4}")
    @CsvSource({
        "0, DISCONNECT, DISCONNECT, DISCONNECT, true",
        "0, DISCARD_YOUNGER_PRIMARY, DISCONNECT, DISCONNECT, false",
        "0, DISCARD_OLDER_PRIMARY, DISCONNECT, DISCONNECT, false",
        "0, DISCARD_LEAST_CHANGES, DISCONNECT, DISCONNECT, false",
        // Both have something to lose.
        "0, DISCARD_ZERO_CHANGES, DISCONNECT, DISCONNECT, true",
        "1, DISCONNECT, DISCONNECT, DISCONNECT, true",
        // What is to be thrown away without a primary is the secondary's, which has fewer changes: so be it.
        "1, DISCARD_LEAST_CHANGES, CONSENSUS, DISCONNECT, false",
        "1, DISCONNECT, DISCARD_SECONDARY, DISCONNECT, false",
        "1, DISCARD_LEAST_CHANGES, CALL_PRI_LOST_AFTER_SB, DISCONNECT, false",
        "2, DISCONNECT, DISCONNECT, DISCONNECT, true",
        // The policies for fewer primaries do not count for two.
        "2, DISCARD_LEAST_CHANGES, DISCARD_SECONDARY, DISCONNECT, true",
    })
    void aPolicyThatDiscardsLosesWhatWasAcknowledgedAndTheKernelSaysSolved(
            int primaries, NoPrimary none, OnePrimary one, TwoPrimaries two, boolean apart)
            throws InterruptedException {
        SplitBrainPolicies policies = new SplitBrainPolicies(none, one, two);
        for (String each : List.of(FIRST, SECOND)) {
            pair.resource(each, Fencing.DONT_CARE, Optional.empty(), policies).configure();
        }
        DrbdResource first = pair.resource(FIRST);
        DrbdResource second = pair.resource(SECOND);
        int solved = solved();
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        Set<Integer> common = write(FIRST, FEW);
        pair.cut();
        Set<Integer> many = write(FIRST, MANY);
        // A server that recovers writes more than a few rows.
        pair.shell(FIRST, FILL, "16");
        second.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(SECOND);
        Set<Integer> few = write(SECOND, FEW);
        if (primaries < 2) {
            stopAndDemote(SECOND);
        }
        if (primaries < 1) {
            stopAndDemote(FIRST);
        }

        pair.join();

        if (apart) {
            awaitStandAlone(first, second);
            assertThat(solved()).as("split brains that the kernel calls solved").isEqualTo(solved);
            assertThat(first.generations().relatedTo(second.generations())).isEqualTo(Relation.SPLIT_BRAIN);
            if (primaries == 2) {
                stopAndDemote(SECOND);
            }
            // Nothing is lost until somebody says so.
            second.giveUp(SALVAGE);
            first.connect();
        }
        first.await("the disks to be alike", SETTLE, DrbdRules::whole);
        if (!apart) {
            assertThat(solved()).as("split brains that the kernel calls solved").isEqualTo(solved + 1);
        }
        if (primaries == 0) {
            first.promote(PeerKnowledge.UNKNOWN);
            pair.startServer(FIRST);
        }
        Set<Integer> left = pair.rows(FIRST);
        stopAndDemote(FIRST);
        assertThat(left).containsAll(common);
        boolean manyLeft = left.containsAll(many);
        assertThat(left)
                .as("the acknowledged rows of one of the two are lost, all of them")
                .containsAll(manyLeft ? many : few)
                .doesNotContainAnyElementsOf(manyLeft ? few : many);
        assertThat(apart || policies.mayDiscard())
                .as("whether it was told beforehand")
                .isTrue();
        if (none == NoPrimary.DISCARD_LEAST_CHANGES || primaries == 1) {
            assertThat(manyLeft).as("whose rows are left").isTrue();
        }
    }

    private void awaitStandAlone(DrbdResource first, DrbdResource second) {
        await("the split brain to be seen")
                .atMost(SETTLE)
                .until(
                        () -> List.of(
                                first.status().connection(), second.status().connection()),
                        seen -> seen.contains(Connection.STAND_ALONE));
    }

    /** How often both kernels have said that they have solved a split brain, each counted once. */
    private int solved() throws InterruptedException {
        return (int) pair.shell(FIRST, "dmesg")
                .lines()
                .filter(line -> line.contains("Split-Brain detected") && line.contains("automatically solved"))
                .count();
    }

    @Test
    @DisplayName(
            "a machine that was promoted and wrote nothing counts as one that did, unless the policy looks at what it wrote")
    void promotedWithoutWriting() throws InterruptedException {
        SplitBrainPolicies harmless =
                new SplitBrainPolicies(NoPrimary.DISCARD_ZERO_CHANGES, OnePrimary.DISCONNECT, TwoPrimaries.DISCONNECT);
        for (String each : List.of(FIRST, SECOND)) {
            pair.resource(each, Fencing.DONT_CARE, Optional.empty(), harmless).configure();
        }
        DrbdResource first = pair.resource(FIRST);
        DrbdResource second = pair.resource(SECOND);
        int solved = solved();
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        pair.cut();
        Set<Integer> written = write(FIRST, FEW);
        second.promote(PeerKnowledge.UNKNOWN);
        second.demote();
        stopAndDemote(FIRST);
        assertThat(first.generations().relatedTo(second.generations())).isEqualTo(Relation.SPLIT_BRAIN);

        pair.join();

        first.await("the disks to be alike", SETTLE, DrbdRules::whole);
        assertThat(solved()).as("split brains that the kernel calls solved").isEqualTo(solved + 1);
        assertThat(harmless.mayDiscard()).isFalse();
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        assertThat(pair.rows(FIRST)).containsAll(written);
        stopAndDemote(FIRST);
    }

    // ---- fencing

    @DisplayName("a machine that has lost the other one")
    @ParameterizedTest(name = "with {0}, when its handler says {1}: writes go on {2}, the other disk counts as {3}")
    @CsvSource({
        "RESOURCE_AND_STONITH, 3, true, INCONSISTENT",
        "RESOURCE_AND_STONITH, 4, true, OUTDATED",
        // Taken for dead without anybody having seen it die: the door to a split brain.
        "RESOURCE_AND_STONITH, 5, true, OUTDATED",
        "RESOURCE_AND_STONITH, 6, false, UNKNOWN",
        "RESOURCE_AND_STONITH, 7, true, OUTDATED",
        // No answer of those above.
        "RESOURCE_AND_STONITH, 1, false, UNKNOWN",
        "RESOURCE_ONLY, 4, true, OUTDATED",
        // Writes never stood still.
        "RESOURCE_ONLY, 1, true, UNKNOWN",
    })
    void whatAHandlerSaysDecidesWhetherWritesGoOn(Fencing fencing, int answer, boolean goOn, Disk peerDisk)
            throws InterruptedException {
        for (String each : List.of(FIRST, SECOND)) {
            pair.shell(each, ANSWER, Integer.toString(answer), HANDLER);
            pair.resource(each, fencing, Optional.of(HANDLER), SplitBrainPolicies.keepAll())
                    .configure();
        }
        DrbdResource first = pair.resource(FIRST);
        first.promote(PeerKnowledge.UNKNOWN);

        pair.cut();
        await("the handler to be asked")
                .atMost(SETTLE)
                .until(() -> !pair.shell(FIRST, "cat /run/fence-peer-asked").isEmpty());

        DrbdStatus alone = first.await(
                "the handler's answer to be taken",
                SETTLE,
                status -> status.suspended() != goOn && status.peerDisk() == peerDisk);
        assertThat(alone.role()).isEqualTo(Role.PRIMARY);
        CommandResult late = pair.host(SECOND).run(Command.of(LIMIT, "drbdadm", "primary", "pgdata"));
        assertThat(late.succeeded())
                .as("whether the other one can be promoted, whose handler says the same: %s", late.describe())
                .isEqualTo(Set.of(3, 4, 5, 7).contains(answer));
        if (late.succeeded()) {
            pair.resource(SECOND).demote();
        }
        if (alone.suspended()) {
            first.resume();
        }
        first.demote();
        meet();
    }

    /** Lets them meet whose data may have gone separate ways; nobody has written anything that counts. */
    private void meet() throws InterruptedException {
        DrbdResource first = pair.resource(FIRST);
        DrbdResource second = pair.resource(SECOND);
        pair.join();
        first.connect();
        second.connect();
        await("them to meet")
                .atMost(SETTLE)
                .until(
                        () -> List.of(first.status(), second.status()),
                        seen -> seen.stream()
                                .anyMatch(status ->
                                        status.connection() == Connection.STAND_ALONE || DrbdRules.whole(status)));
        if (!DrbdRules.whole(first.status())) {
            second.giveUp(SALVAGE);
            first.connect();
        }
        first.await("the disks to be alike", SETTLE, DrbdRules::whole);
    }

    // ---- a machine that dies

    @Test
    @DisplayName(
            "a promotion is refused beside a primary, and goes through beside a dead one that still counts as primary")
    void promotionWhileThePeerCountsAsPrimary() throws InterruptedException {
        DrbdResource first = pair.resource(FIRST);
        DrbdResource second = pair.resource(SECOND);
        first.promote(PeerKnowledge.UNKNOWN);
        CommandResult beside = pair.host(SECOND).run(Command.of(LIMIT, "drbdadm", "primary", "pgdata"));
        assertThat(beside.succeeded()).isFalse();
        assertThat(beside.describe()).contains("Multiple primaries not allowed");

        pair.machine(FIRST).kill();
        assertThat(second.status().peerRole()).as("what DRBD still believes").isEqualTo(Role.PRIMARY);
        second.promote(PeerKnowledge.FENCED);
        assertThat(second.status().peerRole()).as("what DRBD has found out").isEqualTo(Role.UNKNOWN);

        pair.machine(FIRST).start();
        first.up();
        first.await("the disks to be alike", SETTLE, DrbdRules::whole);
        second.demote();
    }

    @Test
    @DisplayName(
            "a primary that died and comes back as one has what it acknowledged, and what it was writing is copied")
    void aDeadPrimaryComesBack() throws InterruptedException {
        DrbdResource first = pair.resource(FIRST);
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        Set<Integer> acknowledged = write(FIRST, MANY);
        int resyncs = resyncs();
        pair.machine(FIRST).kill();
        pair.resource(SECOND)
                .await("the loss", SETTLE, status -> !status.connection().hearsPeer());

        pair.machine(FIRST).start();
        first.up();

        first.await("the disks to be alike", SETTLE, DrbdRules::whole);
        assertThat(resyncs())
                .as("what was being written is copied, by the activity log")
                .isGreaterThan(resyncs);
        assertThat(first.verify(SETTLE)).as("kilobytes that differ").isZero();
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        assertThat(pair.rows(FIRST)).containsAll(acknowledged);
        stopAndDemote(FIRST);
    }

    /** How often the second machine has been copied from or to. */
    private int resyncs() throws InterruptedException {
        return (int) pair.shell(SECOND, "dmesg")
                .lines()
                .filter(line -> line.contains("Resync done"))
                .count();
    }

    @Test
    @DisplayName("a machine whose copy was cut short is not promoted, by the rules and by DRBD itself")
    void halfCopied() throws InterruptedException {
        DrbdResource first = pair.resource(FIRST);
        DrbdResource second = pair.resource(SECOND);
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        pair.cut();
        pair.shell(FIRST, FILL, "40");
        pair.shell(SECOND, "drbdadm disconnect pgdata");
        pair.join();
        // So slow that it lasts.
        pair.shell(FIRST, "drbdadm disk-options --resync-rate=500k pgdata");
        pair.shell(SECOND, "drbdadm disk-options --resync-rate=500k pgdata");
        second.connect();
        second.await("the copy to begin", SETTLE, status -> status.connection() == Connection.SYNC_TARGET);
        pair.machine(FIRST).kill();
        second.await("the loss", SETTLE, status -> !status.connection().hearsPeer());

        assertThatThrownBy(() -> second.promote(PeerKnowledge.FENCED))
                .isInstanceOf(HaException.class)
                .hasMessageContaining("its disk is Inconsistent");
        CommandResult itself = pair.host(SECOND).run(Command.of(LIMIT, "drbdadm", "primary", "pgdata"));
        assertThat(itself.succeeded()).isFalse();
        assertThat(itself.describe()).contains("Need access to UpToDate data");

        pair.machine(FIRST).start();
        first.up();
        for (String each : List.of(FIRST, SECOND)) {
            pair.resource(each).configure();
        }
        first.await("the disks to be alike", SETTLE, DrbdRules::whole);
        assertThat(first.verify(SETTLE)).as("kilobytes that differ").isZero();
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        pair.shell(FIRST, "rm /var/lib/gauntlet/disk/ballast");
        stopAndDemote(FIRST);
    }

    /** Last of all: if this fails, one of the two has no disk. */
    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName("a primary whose disk fails lives by the other one's, which then has all it acknowledged")
    void aDiskThatFails() throws InterruptedException {
        DrbdResource first = pair.resource(FIRST);
        DrbdResource second = pair.resource(SECOND);
        first.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(FIRST);
        Set<Integer> before = write(FIRST, FEW);
        // All but the beginning of the disk is not there any more.
        pair.machine(FIRST).monitor("block_resize", "bare", "8M");

        Set<Integer> after = write(FIRST, MANY);
        pair.shell(FIRST, FILL, "30");
        DrbdStatus failed = first.await(
                "the disk to be let go",
                SETTLE,
                status -> status.disk() == Disk.DISKLESS || status.disk() == Disk.FAILED);
        assertThat(failed.role()).isEqualTo(Role.PRIMARY);
        assertThat(DrbdRules.alarms(failed)).as("alarms").isNotEmpty();
        Set<Integer> without = write(FIRST, FEW);
        stopAndDemote(FIRST);

        second.promote(PeerKnowledge.UNKNOWN);
        pair.startServer(SECOND);
        assertThat(pair.rows(SECOND)).containsAll(before).containsAll(after).containsAll(without);
        stopAndDemote(SECOND);

        pair.shell(FIRST, "drbdadm down pgdata");
        pair.machine(FIRST).monitor("block_resize", "bare", DISK_MEGABYTES + "M");
        first.create();
        first.up();
        first.await("all of the disk to be copied", LIMIT, DrbdRules::whole);
    }
}
