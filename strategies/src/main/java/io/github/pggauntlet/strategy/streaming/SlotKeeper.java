package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.decision.SlotRules;
import io.github.pggauntlet.strategy.decision.SlotRules.Move;
import io.github.pggauntlet.strategy.decision.SlotRules.Owner;
import io.github.pggauntlet.strategy.decision.SlotRules.Slot;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does from time to time, beside the agent, what {@link SlotRules} say. Nothing waits for it. */
final class SlotKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotKeeper.class);
    private static final int TICKS = 10;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final String POSITIONS = """
            select pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn(), '0/0'),
                   (select redo_lsn from pg_control_checkpoint())
            """;

    private static final String SLOTS = """
            select slot_name, coalesce(restart_lsn, '0/0'), coalesce(wal_status, '') = 'lost', active
              from pg_replication_slots where slot_type = 'physical'
            """;

    private static final String CREATE = "select pg_create_physical_replication_slot(?, true)";
    private static final String DROP = "select pg_drop_replication_slot(?)";
    private static final String ADVANCE = "select pg_replication_slot_advance(?, ?::pg_lsn)";

    private final AgentConfig config;
    private final BooleanSupplier running;
    private final Peers peers;
    private final AgentRules rules;
    private final ServerConnection sql;
    private final List<String> others;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "slot-keeper");
        made.setDaemon(true);
        return made;
    });

    /**
     * @param config whose slots, and how often
     * @param running whether the member's PostgreSQL runs
     * @param peers who tells how far the others are
     * @param rules what is to be done
     */
    SlotKeeper(AgentConfig config, BooleanSupplier running, Peers peers, AgentRules rules) {
        this.config = config;
        this.running = running;
        this.peers = peers;
        this.rules = rules;
        this.others = config.others();
        this.sql = new ServerConnection(
                config.postgresPort(),
                config.credentials().superuser(),
                "gauntlet-slots",
                config.timings().call(),
                new AtomicInteger());
    }

    /** Begins. */
    void start() {
        Duration often = config.timings().tick().multipliedBy(TICKS);
        long period = (often.compareTo(SHORTEST) > 0 ? often : SHORTEST).toMillis();
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::keepGuarded, period, period, TimeUnit.MILLISECONDS);
    }

    private void keepGuarded() {
        if (!running.getAsBoolean()) {
            return;
        }
        try {
            for (Move move : rules.slots(look())) {
                make(move);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            // It may be starting, stopping or being promoted: there is a next time.
            LOG.debug("Slots were not looked after", e);
        }
    }

    private SlotRules.View look() throws SQLException, InterruptedException {
        List<String> positions = sql.rows(POSITIONS).get(0);
        boolean standby = positions.get(0).equals("t");
        Map<String, Slot> slots = new HashMap<>();
        for (List<String> row : sql.rows(SLOTS)) {
            Lsn keeps = Lsn.parse(row.get(1));
            slots.put(
                    row.get(0),
                    new Slot(
                            keeps.isValid() ? Optional.of(keeps) : Optional.empty(),
                            row.get(2).equals("t"),
                            row.get(3).equals("t")));
        }
        Map<String, NodeStatus> said = new HashMap<>();
        if (standby) {
            // On a primary the slots are moved by those who stream.
            peers.ask(others).forEach(status -> said.put(status.member(), status));
        }
        List<Owner> owners = new ArrayList<>();
        for (String member : others) {
            Optional<NodeStatus> status = Optional.ofNullable(said.get(member));
            String name = AgentConfig.slot(member);
            owners.add(new Owner(
                    name,
                    Optional.ofNullable(slots.get(name)),
                    status.filter(one -> one.role() == NodeRole.PRIMARY).isPresent(),
                    status.flatMap(NodeStatus::lsn)));
        }
        return new SlotRules.View(standby, Lsn.parse(positions.get(1)), Lsn.parse(positions.get(2)), owners);
    }

    private void make(Move move) throws SQLException {
        if (move instanceof Move.Advance advance) {
            sql.ask(ADVANCE, advance.slot(), advance.to().toString());
            return;
        }
        if (move instanceof Move.Recreate) {
            LOG.warn("The slot {} has lost the WAL that it kept and is made anew.", move.slot());
            sql.ask(DROP, move.slot());
        }
        sql.ask(CREATE, move.slot());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        sql.close();
    }
}
