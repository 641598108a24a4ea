package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.FinalReader;
import io.github.pggauntlet.harness.workload.FinalTransactions;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is there when all is over: every member's rows, then, after one more failover, those of the member that was
 * promoted, since a lost row can hide on the one that had not been. A read that cannot be made is left out; what that
 * means is for the checkers to say.
 */
final class Examination {

    private static final Logger LOG = LoggerFactory.getLogger(Examination.class);

    /** Within this a crashed PostgreSQL has been restarted in place by whoever does that. */
    private static final Duration RESTART = Duration.ofSeconds(6);

    private final LiveStage stage;
    private final DirectSql sql;
    private final Routes routes;
    private final FinalReader reader;
    private final FinalTransactions transactions;
    private final Duration limit;

    /** @param limit how long the cluster may take to come to each of the states that are needed */
    Examination(
            LiveStage stage,
            DirectSql sql,
            Routes routes,
            FinalReader reader,
            FinalTransactions transactions,
            Duration limit) {
        this.stage = stage;
        this.sql = sql;
        this.routes = routes;
        this.reader = reader;
        this.transactions = transactions;
        this.limit = limit;
    }

    void run() throws InterruptedException {
        try {
            stage.phase(RunEvent.Phase.FINAL_READS);
            NodeStatus primary = stage.awaitPrimary(limit);
            read(primary.member(), Occasion.FINAL);
            readTransactions(primary.member());
            for (String member : others(primary.member())) {
                awaitReplay(member, primary.member());
                read(member, Occasion.FINAL);
            }
            stage.phase("one more failover");
            // Perhaps no longer the one whose rows were read: it may have lost its role by itself in the meantime.
            failover(victim(hit(new Fault.KillPostmaster(Target.primary()))));
        } catch (StoryStuck | FaultNotMade e) {
            LOG.info("The examination is not complete: {}", e.getMessage());
            // Whoever answers is heard, above all when two of them say that they are primary.
            stage.members().forEach(member -> read(member, Occasion.FINAL));
        }
    }

    private ActiveFault hit(Fault fault) throws InterruptedException {
        return stage.insist(fault, limit);
    }

    private static String victim(ActiveFault hit) {
        return hit.made().resolved().values().iterator().next();
    }

    /**
     * A strategy that restarts PostgreSQL in place does not fail over for a crash, but does for the loss of the machine. Nor does
     * one whose member has won its role back before another one stepped forward.
     */
    private void failover(String former) throws InterruptedException {
        Optional<NodeStatus> other = takeover(former);
        if (other.isPresent()) {
            readPromoted(other.get());
            return;
        }
        ActiveFault lost = hit(new Fault.KillHost(Target.primary()));
        readPromoted(stage.awaitTakeover(victim(lost), limit));
        stage.heal(lost);
    }

    /** Another primary; empty if it is the former one again. */
    private Optional<NodeStatus> takeover(String former) throws InterruptedException {
        try {
            return Optional.of(stage.awaitTakeover(former, RESTART));
        } catch (StoryStuck e) {
            return Optional.of(stage.awaitPrimary(limit))
                    .filter(primary -> !primary.member().equals(former));
        }
    }

    private void readPromoted(NodeStatus promoted) {
        read(promoted.member(), Occasion.AFTER_ONE_MORE_FAILOVER);
        readTransactions(promoted.member());
    }

    private List<String> others(String member) {
        return stage.members().stream().filter(other -> !other.equals(member)).toList();
    }

    private void read(String member, Occasion occasion) {
        try {
            reader.read(member, occasion);
        } catch (SQLException e) {
            LOG.info("{} could not be read: {}", member, e.getMessage());
        }
    }

    private void readTransactions(String member) {
        try {
            transactions.read(member);
        } catch (SQLException e) {
            LOG.info("What the workload has left on {} could not be read: {}", member, e.getMessage());
        }
    }

    /** Waits until a standby shows what the primary had at the time of the call. */
    private void awaitReplay(String standby, String primary) throws InterruptedException {
        try {
            new Replay(sql, routes).await(standby, primary);
        } catch (SQLException e) {
            LOG.info("{} could not be compared with {}: {}", standby, primary, e.getMessage());
        }
    }
}
