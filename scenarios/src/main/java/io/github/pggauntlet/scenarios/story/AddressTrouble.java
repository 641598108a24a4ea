package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What passes a virtual address between two machines gets into trouble, under load: ucarp itself is killed, its
 * advertisements are lost one way, or the two machines do not hear each other at all. The trouble lasts for longer than
 * either machine takes to count the other as dead; then it is healed, the two get together again, and at last the primary's
 * postmaster is killed.
 */
public final class AddressTrouble implements Scenario {

    static final String TROUBLE = "trouble";
    private static final String SECONDS = AddressStory.SECONDS;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int WRITES = 200;

    /** The troubles there are. */
    private enum Trouble {
        /** ucarp of the primary's machine is killed with SIGKILL. */
        KILLED {
            @Override
            Fault on(String primary, String standby) {
                return new AddressFault.KillUcarp(Target.named(primary));
            }
        },
        /** The standby's machine does not hear the primary's. */
        MUTED {
            @Override
            Fault on(String primary, String standby) {
                return new AddressFault.MuteCarp(Target.named(primary));
            }
        },
        /** The machines do not hear each other at all. */
        PARTED {
            @Override
            Fault on(String primary, String standby) {
                return new AddressFault.PartMachines(Target.named(primary), Target.named(standby));
            }
        };

        abstract Fault on(String primary, String standby);

        static Trouble of(String id) {
            return Arrays.stream(values())
                    .filter(trouble -> trouble.name().toLowerCase(Locale.ROOT).equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no trouble '" + id + "'; choose one of: " + all() + "."));
        }

        static String all() {
            return Arrays.stream(values())
                    .map(trouble -> trouble.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }
    }

    @Override
    public String name() {
        return "address-trouble";
    }

    @Override
    public String description() {
        return "for strategies with a virtual address: what passes it between two machines gets into trouble";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(TROUBLE, "parted", "what happens: " + Trouble.all()),
                new Parameter(SECONDS, "20", "for how many seconds; longer than a machine takes to count as dead"));
    }

    @Override
    public void validate(Map<String, String> parameters, int machines) {
        Trouble.of(parameters.getOrDefault(TROUBLE, ""));
        AddressStory.seconds(parameters);
        if (machines != 2) {
            throw new IllegalArgumentException("An address is passed between two machines, not " + machines + ".");
        }
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        NodeStatus primary = stage.awaitPrimary(LIMIT);
        String standby = stage.members().stream()
                .filter(member -> !member.equals(primary.member()))
                .findFirst()
                .orElseThrow();
        stage.phase(primary.member() + " is primary");
        stage.awaitAcknowledged(WRITES, LIMIT);
        Trouble trouble = Trouble.of(stage.parameters().getOrDefault(TROUBLE, ""));
        ActiveFault fault = stage.inject(trouble.on(primary.member(), standby));
        stage.endure(AddressStory.seconds(stage.parameters()));
        stage.phase("the trouble is over");
        stage.heal(fault);
        stage.endure(AddressStory.MEETING);
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(WRITES, LIMIT);
        NodeStatus last = stage.awaitPrimary(LIMIT);
        stage.phase("and then " + last.member() + " fails");
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(last.member())));
        stage.awaitTakeover(last.member(), LIMIT);
        stage.heal(crash);
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(WRITES, LIMIT);
    }
}
