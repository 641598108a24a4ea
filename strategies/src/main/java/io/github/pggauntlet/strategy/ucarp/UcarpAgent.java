package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.fence.ProgramFencer;
import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.streaming.AgentContext;
import io.github.pggauntlet.strategy.streaming.AgentRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** The agent's program: one argument, the path of its configuration. */
public final class UcarpAgent {

    private UcarpAgent() {}

    /**
     * Runs the agent until it is told to stop.
     *
     * @throws IOException if the configuration cannot be read
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AgentRuntime.run(Path.of(arguments[0]), UnaryOperator.identity(), UcarpAgent::arbiter);
    }

    private static Arbiter arbiter(AgentContext context) {
        AddressTurn turns = new AddressTurn(Path.of(UcarpInstaller.STATE));
        String other = context.members().stream()
                .filter(member -> !member.equals(context.member()))
                .findFirst()
                .orElseThrow();
        if (!context.arbiter().isEmpty()) {
            return new WitnessedArbiter(context.member(), other, turns, context.etcd(), context.running());
        }
        boolean preferred = context.members().indexOf(context.member()) == 0;
        return new AddressArbiter(
                new AddressArbiter.Place(
                        context.member(),
                        other,
                        preferred,
                        context.lease(),
                        context.fencing().isPresent()),
                turns,
                new LedgerFile(
                        context.data().resolveSibling("memory").resolve("address-ledger.json"), new JsonMapper()),
                context.questions(),
                context.running(),
                death(context, other),
                System::nanoTime,
                new JsonMapper());
    }

    private static PeerDeath death(AgentContext context, String other) {
        return context.fencing()
                .map(program -> new PeerDeath(
                        new ProgramFencer(program, new LocalHost(context.member(), "localhost")),
                        other,
                        program.headStart(),
                        System::nanoTime))
                .orElseGet(() -> new PeerDeath(new SilenceIsDeath(), other, Duration.ZERO, System::nanoTime));
    }
}
