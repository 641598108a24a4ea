package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Takes two timelines of one number for one timeline, though they have grown apart: compares their numbers and not their histories. */
public final class HistoriesByNumber extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public HistoriesByNumber() {
        super("broken-histories-by-number", "takes two timelines of one number for one timeline");
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
        public RejoinPlan rejoin(RejoinPlanner.Local local, RejoinPlanner.PrimaryData primary) {
            boolean same = local instanceof RejoinPlanner.LocalData here
                    && here.history().timeline() == primary.history().timeline();
            return same
                    ? new RejoinPlan(RejoinPlan.Way.RECOVER, "it is on the primary's timeline")
                    : RejoinPlanner.plan(local, primary);
        }
    }
}
