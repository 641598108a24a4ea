package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.streaming.AgentContext;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import io.github.pggauntlet.strategy.streaming.AgentRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Runs an agent that makes one mistake; everything else of it is the sound one's. */
final class BrokenAgent {

    private BrokenAgent() {}

    /**
     * Settings with which a standby's recovery begins anew every half minute: some mistakes show only on what is older than
     * that.
     */
    static Map<String, String> withRestartPoints(Map<String, String> settings) {
        Map<String, String> more = new HashMap<>(settings);
        more.put("checkpoint_timeout", "30s");
        more.put("checkpoint_completion_target", "0.05");
        return Map.copyOf(more);
    }

    /** With a wrong rule. */
    static void run(String[] arguments, AgentRules rules) throws IOException, InterruptedException {
        run(arguments, rules, (context, real) -> real);
    }

    /** With something wrong between it and the arbiter. */
    static void run(String[] arguments, BiFunction<AgentContext, Arbiter, Arbiter> between)
            throws IOException, InterruptedException {
        run(arguments, AgentRules.SOUND, between);
    }

    /** With both. */
    static void run(String[] arguments, AgentRules rules, BiFunction<AgentContext, Arbiter, Arbiter> between)
            throws IOException, InterruptedException {
        AgentRuntime.run(
                Path.of(arguments[0]),
                UnaryOperator.identity(),
                context -> between.apply(context, context.etcd()),
                rules);
    }
}
