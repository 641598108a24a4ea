package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** A member that says of itself what a test wants. */
final class SaidOfItself implements SelfReport {

    static final Lsn HERE = Lsn.parse("16/B374D848");

    Supplier<NodeStatus> status = () -> primary("well");
    Optional<WalState> wal = Optional.of(wal(Optional.empty(), Optional.empty()));
    Duration leaseLeft = Duration.ofMillis(1500);
    Duration sinceStep = Duration.ofMillis(40);

    @Override
    public NodeStatus status() {
        return status.get();
    }

    @Override
    public Optional<WalState> walState() {
        return wal;
    }

    @Override
    public Duration leaseLeft() {
        return leaseLeft;
    }

    @Override
    public Duration sinceStep() {
        return sinceStep;
    }

    @Override
    public Duration uptime() {
        return Duration.ofSeconds(61);
    }

    /** A standby that has replayed up to {@link #HERE} and has heard of so many bytes more. */
    void becomeStandby(long behind) {
        status = () -> status(NodeRole.STANDBY, false, true, "follows");
        leaseLeft = Duration.ZERO;
        wal = Optional.of(wal(Optional.of(HERE), Optional.of(new Lsn(HERE.value() + behind))));
    }

    static WalState wal(Optional<Lsn> replayed, Optional<Lsn> sent) {
        return new WalState(replayed, replayed, sent, 170006, Instant.ofEpochSecond(1000), false);
    }

    static NodeStatus primary(String note) {
        return status(NodeRole.PRIMARY, true, false, note);
    }

    /** A primary beside which nobody may be promoted. */
    static NodeStatus alone() {
        NodeStatus whole = primary("alone");
        return new NodeStatus(
                whole.member(),
                whole.at(),
                whole.role(),
                whole.open(),
                whole.timeline(),
                whole.lsn(),
                whole.streaming(),
                whole.postmasterPid(),
                Set.of("machine0"),
                whole.rewindReady(),
                whole.note());
    }

    static NodeStatus status(NodeRole role, boolean open, boolean streaming, String note) {
        return new NodeStatus(
                "machine0",
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                role,
                open,
                OptionalInt.of(3),
                Optional.of(HERE),
                streaming,
                OptionalLong.of(4711),
                Set.of("machine0", "machine1"),
                open,
                note);
    }
}
