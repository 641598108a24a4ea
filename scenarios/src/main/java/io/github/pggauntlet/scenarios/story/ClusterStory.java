package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the stories of a cluster that heals itself have in common. Each begins with a whole cluster under load and ends with
 * one, which then goes through one more failover: what was lost, or went astray, may show only then.
 */
abstract class ClusterStory implements Scenario {

    /** How long the cluster may take for anything that a story waits for. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** How many writes are enough for the load to have noticed. */
    static final int SOME = 300;

    private final String name;
    private final String description;
    private final int machines;

    ClusterStory(String name, String description, int machines) {
        this.name = name;
        this.description = description;
        this.machines = machines;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public void validate(Map<String, String> parameters, int given) {
        if (given < machines) {
            throw new IllegalArgumentException("The story '" + name + "' takes at least " + machines + " machines, not "
                    + given + "; say --machines " + machines + ".");
        }
    }

    /** The cluster is whole and has written something. */
    static NodeStatus begin(Stage stage) throws InterruptedException {
        stage.awaitWhole(LIMIT);
        NodeStatus primary = stage.awaitPrimary(LIMIT);
        stage.phase(primary.member() + " is primary");
        stage.awaitAcknowledged(SOME + stage.random().nextInt(SOME), LIMIT);
        return primary;
    }

    /** The cluster becomes whole again and goes through one more failover. */
    static void end(Stage stage) throws InterruptedException {
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        NodeStatus primary = stage.awaitPrimary(LIMIT);
        stage.phase("one more failover: " + primary.member() + "'s PostgreSQL crashes");
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.heal(crash);
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
    }

    /** The members other than one, in the cluster's order. */
    static List<String> others(Stage stage, String member) {
        return stage.members().stream().filter(other -> !other.equals(member)).toList();
    }

    /** Waits until a member is as wanted. */
    static void awaitMember(Stage stage, String member, String what, Predicate<NodeStatus> wanted)
            throws InterruptedException {
        stage.await(
                member + " to be " + what,
                LIMIT,
                statuses ->
                        statuses.stream().anyMatch(status -> status.member().equals(member) && wanted.test(status)));
    }

    /** Waits until there is a primary that counts so many members as promotable, itself among them. */
    static void awaitPromotable(Stage stage, int number) throws InterruptedException {
        stage.await(
                "a primary with " + number + " promotable members",
                LIMIT,
                statuses -> statuses.stream()
                        .anyMatch(status -> status.role() == NodeRole.PRIMARY
                                && status.open()
                                && status.promotable().size() == number));
    }

    /** Waits until no member is a primary that is open. */
    static void awaitNoPrimary(Stage stage) throws InterruptedException {
        stage.await(
                "no member to be an open primary",
                LIMIT,
                statuses -> statuses.stream().noneMatch(status -> status.role() == NodeRole.PRIMARY && status.open()));
    }
}
