package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.SlotRules;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Never moves the slots on a standby, where nobody streams from them: WAL is kept there until the disk is full. */
public final class SlotsStandStill extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public SlotsStandStill() {
        super("broken-slots-stand-still", "never moves the replication slots on a standby: WAL is kept there for good");
    }

    @Override
    AgentProgram program() {
        return AgentProgram.with(Agent.class);
    }

    /** Its agent. */
    public static final class Agent {

        private Agent() {}

        /**
         * Runs the agent until it is told to stop.
         *
         * @throws IOException if the configuration cannot be read
         * @throws InterruptedException if the main thread is interrupted
         */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            BrokenAgent.run(arguments, new Rules());
        }
    }

    /** Its rules. */
    private static final class Rules implements AgentRules {

        @Override
        public List<SlotRules.Move> slots(SlotRules.View view) {
            return SlotRules.moves(view).stream()
                    .filter(move -> !(move instanceof SlotRules.Move.Advance))
                    .toList();
        }

        @Override
        public Map<String, String> fixed(Map<String, String> settings) {
            return BrokenAgent.withRestartPoints(settings);
        }
    }
}
