package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies everything anew, which may take hours, and says that it has rewound. */
public final class CopiesAndSaysRewound extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public CopiesAndSaysRewound() {
        super("broken-copies-and-says-rewound", "copies everything anew and says that it has rewound");
    }

    @Override
    AgentProgram program() {
        return AgentProgram.with(Agent.class);
    }

    @Override
    HaCluster shown(HaCluster cluster) {
        return new Whitewashed(cluster);
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
            RejoinPlan sound = RejoinPlanner.plan(local, primary);
            return sound.way() == RejoinPlan.Way.REWIND ? new RejoinPlan(RejoinPlan.Way.COPY, sound.reason()) : sound;
        }
    }

    /** What it says. */
    private record Whitewashed(HaCluster real) implements HaCluster {

        @Override
        public ClientAccess clients() {
            return real.clients();
        }

        @Override
        public List<NodeStatus> status() {
            return real.status();
        }

        @Override
        public List<JournalEntry> journal(String member, long after) {
            return real.journal(member, after).stream()
                    .map(Whitewashed::whitewash)
                    .toList();
        }

        private static JournalEntry whitewash(JournalEntry entry) {
            Map<String, String> details = new HashMap<>(entry.details());
            details.replace("way", RejoinPlan.Way.COPY.id(), RejoinPlan.Way.REWIND.id());
            return new JournalEntry(entry.sequence(), entry.at(), entry.member(), entry.milestone(), details);
        }

        @Override
        public void switchover() throws InterruptedException {
            real.switchover();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
