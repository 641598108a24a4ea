package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done with the replication slots on a member, so that whoever is promoted has the WAL that the others need.
 * PostgreSQL keeps a slot where it is: on a standby nobody streams from it and nobody moves it, so each member does that
 * itself, for all others.
 *
 * <p>Invariants: a slot is never moved past what its owner has, nor past what is replayed here; on a standby the slot of
 * the present primary stays at the latest restart point's beginning, since a primary that fails may have to be rewound to
 * there, and that WAL is kept here anyway.
 */
public final class SlotRules {

    private SlotRules() {}

    /**
     * A slot that exists here.
     *
     * @param keeps from where on it keeps WAL, if it does
     * @param lost whether WAL that it should have kept is gone
     * @param active whether somebody streams by it
     */
    public record Slot(Optional<Lsn> keeps, boolean lost, boolean active) {}

    /**
     * Another member, for which there shall be a slot.
     *
     * @param slot the slot's name
     * @param here the slot, if there is one
     * @param primary whether the member says that it is primary
     * @param has how far its disk has the WAL, if it tells
     */
    public record Owner(String slot, Optional<Slot> here, boolean primary, Optional<Lsn> has) {}

    /**
     * What a member sees.
     *
     * @param standby whether it is a standby itself
     * @param replayed how far it has replayed, if it is
     * @param redo where recovery would begin here
     * @param owners the others
     */
    public record View(boolean standby, Lsn replayed, Lsn redo, List<Owner> owners) {
        public View {
            owners = List.copyOf(owners);
        }
    }

    /** What can be done. */
    public sealed interface Move {

        /** The slot that it is done with. */
        String slot();

        /** Create it, keeping WAL from now on. */
        record Create(String slot) implements Move {}

        /** Drop it, then create it. */
        record Recreate(String slot) implements Move {}

        /** Let go of the WAL before a position. */
        record Advance(String slot, Lsn to) implements Move {}
    }

    /** What to do now. */
    public static List<Move> moves(View view) {
        List<Move> moves = new ArrayList<>();
        for (Owner owner : view.owners()) {
            if (owner.here().isEmpty()) {
                moves.add(new Move.Create(owner.slot()));
                continue;
            }
            Slot slot = owner.here().get();
            if (slot.lost() && !slot.active()) {
                moves.add(new Move.Recreate(owner.slot()));
            } else if (view.standby() && !slot.active()) {
                advance(view, owner, slot).ifPresent(moves::add);
            }
        }
        return moves;
    }

    private static Optional<Move> advance(View view, Owner owner, Slot slot) {
        if (owner.has().isEmpty() || slot.keeps().isEmpty()) {
            return Optional.empty();
        }
        Lsn bound = owner.primary() ? min(view.redo(), view.replayed()) : view.replayed();
        Lsn to = min(owner.has().get(), bound);
        return to.compareTo(slot.keeps().get()) > 0
                ? Optional.of(new Move.Advance(owner.slot(), to))
                : Optional.empty();
    }

    private static Lsn min(Lsn a, Lsn b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
