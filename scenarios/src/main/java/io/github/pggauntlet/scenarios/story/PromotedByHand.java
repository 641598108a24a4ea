package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.time.Duration;

/**
 * Somebody promotes the standby by hand, behind the agents' backs, and its machine fails. Then the primary's PostgreSQL crashes and is
 * promoted again, by right: now there are two timelines of one number that have grown apart. When the standby returns it must give its
 * own up, and must not take the other for it.
 */
public final class PromotedByHand extends ClusterStory {

    private static final String PROMOTE = "setpriv --reuid=postgres --regid=postgres --clear-groups"
            + " \"$(command -v pg_ctl)\" promote --wait --timeout=5 --pgdata=/var/lib/gauntlet/data";

    /** The story. */
    public PromotedByHand() {
        super(
                "promoted-by-hand",
                "an operator promotes the standby behind the agents' backs, and both timelines get one number",
                2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        CommandResult promoted = stage.shell(standby, Command.of(Duration.ofSeconds(10), "sh", "-c", PROMOTE));
        // The agent may have killed what was promoted before the order was answered.
        stage.note("The order was answered: " + promoted.describe());
        ActiveFault away = stage.inject(new Fault.KillHost(Target.named(standby)));
        awaitPromotable(stage, 1);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.phase(primary.member() + " crashes and is promoted again");
        int before = primary.timeline().orElseThrow();
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        stage.await(
                "a primary on a new timeline",
                LIMIT,
                statuses -> statuses.stream()
                        .anyMatch(status -> status.open() && status.timeline().orElse(0) > before));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(crash);
        stage.phase(standby + " returns");
        stage.heal(away);
        end(stage);
    }
}
