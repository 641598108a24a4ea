package io.github.pggauntlet.strategy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.decision.SlotRules.Move;
import io.github.pggauntlet.strategy.decision.SlotRules.Owner;
import io.github.pggauntlet.strategy.decision.SlotRules.Slot;
import io.github.pggauntlet.strategy.decision.SlotRules.View;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class SlotRulesTest {

    private static final Slot OLD = slot(100);

    private static Slot slot(long keeps) {
        return new Slot(Optional.of(new Lsn(keeps)), false, false);
    }

    private static Owner owner(Slot slot, boolean primary, long has) {
        return new Owner("s", Optional.of(slot), primary, has == 0 ? Optional.empty() : Optional.of(new Lsn(has)));
    }

    private static List<Move> onStandby(long replayed, long redo, Owner owner) {
        return SlotRules.moves(new View(true, new Lsn(replayed), new Lsn(redo), List.of(owner)));
    }

    private static List<Move> onPrimary(Owner owner) {
        return SlotRules.moves(new View(false, Lsn.INVALID, new Lsn(500), List.of(owner)));
    }

    @Property
    void aSlotNeverLetsGoOfWhatItsOwnerMayNeed(
            @ForAll @LongRange(min = 1, max = 50) long keeps,
            @ForAll @LongRange(max = 50) long has,
            @ForAll @LongRange(min = 1, max = 50) long replayed,
            @ForAll @LongRange(min = 1, max = 50) long redo,
            @ForAll boolean primary) {
        for (Move move : onStandby(replayed, redo, owner(slot(keeps), primary, has))) {
            assertThat(move).isInstanceOfSatisfying(Move.Advance.class, advance -> {
                assertThat(advance.to().value()).isGreaterThan(keeps).isLessThanOrEqualTo(has);
                assertThat(advance.to().value()).isLessThanOrEqualTo(replayed);
                if (primary) {
                    assertThat(advance.to().value()).isLessThanOrEqualTo(redo);
                }
            });
        }
    }

    @Example
    void everyMemberHasASlotOnEveryMember() {
        Owner without = new Owner("s", Optional.empty(), false, Optional.empty());

        assertThat(onPrimary(without)).containsExactly(new Move.Create("s"));
        assertThat(onStandby(500, 300, without)).containsExactly(new Move.Create("s"));
    }

    @Example
    void aStandbyMovesTheSlotsOfTheOthersWithThem() {
        assertThat(onStandby(500, 300, owner(OLD, false, 400))).containsExactly(new Move.Advance("s", new Lsn(400)));
        assertThat(onStandby(500, 300, owner(OLD, false, 600))).containsExactly(new Move.Advance("s", new Lsn(500)));
    }

    @Example
    void theSlotOfTheMemberThatIsAwayStays() {
        assertThat(onStandby(500, 300, owner(OLD, false, 0))).isEmpty();
    }

    /** It may fail with more than anybody received, and is then rewound from its last checkpoint on. */
    @Example
    void theSlotOfThePrimaryStaysWhereARewindWouldBegin() {
        assertThat(onStandby(500, 300, owner(OLD, true, 600))).containsExactly(new Move.Advance("s", new Lsn(300)));
    }

    @Example
    void aPrimaryLeavesItsSlotsToThoseWhoStream() {
        assertThat(onPrimary(owner(OLD, false, 400))).isEmpty();
    }

    /** S42: a standby that was down for longer than the WAL is kept for it. */
    @Example
    void aSlotThatHasLostItsWalIsMadeAnewOnceNobodyUsesIt() {
        assertThat(onPrimary(owner(new Slot(Optional.empty(), true, false), false, 0)))
                .containsExactly(new Move.Recreate("s"));
        assertThat(onStandby(500, 300, owner(new Slot(Optional.empty(), true, false), false, 400)))
                .containsExactly(new Move.Recreate("s"));
        assertThat(onPrimary(owner(new Slot(Optional.empty(), true, true), false, 0)))
                .isEmpty();
    }
}
