package io.github.pggauntlet.strategy.drbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.TurnRules.Order;
import io.github.pggauntlet.strategy.drbd.TurnRules.Server;
import io.github.pggauntlet.strategy.drbd.TurnRules.Step;
import io.github.pggauntlet.strategy.drbd.TurnRules.View;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TurnRulesProperties {

    /** Who decides: the rules, or rules that are wrong on purpose. */
    @FunctionalInterface
    private interface Rules {
        Order next(View view, Fencing fencing, PeerKnowledge peer);
    }

    @Provide
    Arbitrary<DrbdStatus> disks() {
        return Combinators.combine(
                        Arbitraries.of(Connection.class),
                        Arbitraries.of(Role.PRIMARY, Role.SECONDARY),
                        Arbitraries.of(Role.class),
                        Arbitraries.of(Disk.class),
                        Arbitraries.of(Disk.class))
                .as((connection, role, peerRole, disk, peerDisk) ->
                        new DrbdStatus(connection, role, peerRole, disk, peerDisk, 0));
    }

    @Provide
    Arbitrary<View> views() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        disks(),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Server.class),
                        Arbitraries.of(true, false))
                .as(View::new);
    }

    /** No step is taken before the one below it is seen to be done, and none up unless ucarp says so. */
    private static void requireOrder(Rules rules, View view, Fencing fencing, PeerKnowledge peer) {
        Step step = rules.next(view, fencing, peer).step();
        switch (step) {
            case PROMOTE -> {
                assertThat(view.master()).as("master").isTrue();
                assertThat(view.mounted()).as("mounted").isFalse();
                assertThat(view.disk().disk()).isIn(Disk.UP_TO_DATE, Disk.CONSISTENT);
                assertThat(view.disk().peerRole() == Role.PRIMARY
                                && view.disk().connection().hearsPeer())
                        .as("the other machine is primary")
                        .isFalse();
            }
            case MOUNT -> {
                assertThat(view.master()).as("master").isTrue();
                assertThat(view.disk().role()).isEqualTo(Role.PRIMARY);
                assertThat(view.server()).isEqualTo(Server.NONE);
            }
            case START, SERVE -> {
                assertThat(view.master()).as("master").isTrue();
                assertThat(view.disk().role()).isEqualTo(Role.PRIMARY);
                assertThat(view.mounted()).as("mounted").isTrue();
            }
            case UNMOUNT -> assertThat(view.server()).as("PostgreSQL").isEqualTo(Server.NONE);
            case DEMOTE -> {
                assertThat(view.server()).as("PostgreSQL").isEqualTo(Server.NONE);
                assertThat(view.mounted()).as("mounted").isFalse();
            }
            case REST ->
                assertThat(view.server() == Server.NONE
                                && !view.mounted()
                                && view.disk().role() != Role.PRIMARY)
                        .as("nothing is left of an earlier turn")
                        .isTrue();
            case AWAIT, GIVE_UP, STOP -> {
                // These harm nobody.
            }
        }
    }

    @Property(tries = 3000)
    void noStepIsTakenBeforeTheOneBelowIt(
            @ForAll("views") View view, @ForAll Fencing fencing, @ForAll PeerKnowledge peer) {
        requireOrder(TurnRules::next, view, fencing, peer);
    }

    /** The rules that the property is there to find: the seed's script that starts PostgreSQL whatever DRBD says. */
    @Example
    void rulesThatStartPostgresOnASecondaryAreFound() {
        Rules careless = (view, fencing, peer) -> view.master() && view.server() == Server.NONE
                ? new Order(Step.START, "")
                : TurnRules.next(view, fencing, peer);
        View secondary = new View(true, beside(Role.SECONDARY, Role.PRIMARY), false, Server.NONE, false);
        assertThatThrownBy(() -> requireOrder(careless, secondary, Fencing.DONT_CARE, PeerKnowledge.UNKNOWN))
                .isInstanceOf(AssertionError.class);
    }

    /** From wherever a machine stands, it is down in at most three steps once ucarp says that it is not master. */
    @Property(tries = 1000)
    void whoIsNotMasterIsSoonDown(@ForAll("views") View begin) {
        View view = new View(false, begin.disk(), begin.mounted(), begin.server(), begin.startedInTurn());
        List<Step> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Step step = TurnRules.next(view, Fencing.DONT_CARE, PeerKnowledge.UNKNOWN)
                    .step();
            taken.add(step);
            view = after(step, view);
        }
        assertThat(taken).last().isEqualTo(Step.REST);
        assertThat(taken).isSubsetOf(Step.STOP, Step.UNMOUNT, Step.DEMOTE, Step.REST);
    }

    @Example
    void aMasterWhoseDiskIsGoodServesInThreeSteps() {
        View view = new View(true, beside(Role.SECONDARY, Role.SECONDARY), false, Server.NONE, false);
        List<Step> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Step step = TurnRules.next(view, Fencing.DONT_CARE, PeerKnowledge.UNKNOWN)
                    .step();
            taken.add(step);
            view = after(step, view);
        }
        assertThat(taken).containsExactly(Step.PROMOTE, Step.MOUNT, Step.START, Step.SERVE);
    }

    @Example
    void aPostgresThatHasEndedIsNotStartedAgainInTheSameTurn() {
        View ended = new View(true, beside(Role.PRIMARY, Role.SECONDARY), true, Server.NONE, true);
        assertThat(TurnRules.next(ended, Fencing.DONT_CARE, PeerKnowledge.UNKNOWN)
                        .step())
                .isEqualTo(Step.GIVE_UP);
    }

    private static DrbdStatus beside(Role here, Role there) {
        return new DrbdStatus(Connection.CONNECTED, here, there, Disk.UP_TO_DATE, Disk.UP_TO_DATE, 0);
    }

    /** What is so when a step has been taken. */
    private static View after(Step step, View view) {
        return switch (step) {
            case PROMOTE -> with(view, role(view.disk(), Role.PRIMARY), view.mounted(), view.server(), false);
            case MOUNT -> with(view, view.disk(), true, view.server(), false);
            case START -> with(view, view.disk(), true, Server.READY, true);
            case STOP -> with(view, view.disk(), view.mounted(), Server.NONE, view.startedInTurn());
            case UNMOUNT -> with(view, view.disk(), false, view.server(), view.startedInTurn());
            case DEMOTE ->
                with(view, role(view.disk(), Role.SECONDARY), view.mounted(), view.server(), view.startedInTurn());
            case REST, AWAIT, SERVE, GIVE_UP -> view;
        };
    }

    private static View with(View view, DrbdStatus disk, boolean mounted, Server server, boolean started) {
        return new View(view.master(), disk, mounted, server, started);
    }

    private static DrbdStatus role(DrbdStatus disk, Role role) {
        return new DrbdStatus(
                disk.connection(), role, disk.peerRole(), disk.disk(), disk.peerDisk(), disk.outOfSyncKilobytes());
    }
}
