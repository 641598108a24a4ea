package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Starts a primary that has failed as a standby, with what it alone has still there: it can never stream. */
public final class FollowsWithoutRewind extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public FollowsWithoutRewind() {
        super(
                "broken-follows-without-rewind",
                "starts a primary that has failed as a standby with what nobody else has");
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
            if (!(local instanceof RejoinPlanner.LocalData here)) {
                return RejoinPlanner.plan(local, primary);
            }
            RejoinPlanner.LocalData first = new RejoinPlanner.LocalData(
                    here.control(),
                    here.history(),
                    here.endOfShutdownCheckpoint(),
                    here.endOfWal(),
                    here.rewindInterrupted(),
                    RejoinPlanner.Trials.NONE);
            RejoinPlan sound = RejoinPlanner.plan(first, primary);
            return sound.way() == RejoinPlan.Way.REWIND
                    ? new RejoinPlan(RejoinPlan.Way.RECOVER, "it will find its way")
                    : sound;
        }
    }
}
