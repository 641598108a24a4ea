package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Mends a member that has crashed before PostgreSQL recovers it: takes the last page of each table for torn, and cuts it off.
 * Recovery gives back what was written since its checkpoint, and nothing of what is older.
 */
public final class CutsTornPages extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public CutsTornPages() {
        super("broken-cuts-torn-pages", "takes the last pages of tables for torn after a crash, and cuts them off");
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
            AtomicReference<Path> data = new AtomicReference<>();
            BrokenAgent.run(arguments, new Rules(data), (context, arbiter) -> {
                data.set(context.data());
                return arbiter;
            });
        }
    }

    /** Its rules. */
    private record Rules(AtomicReference<Path> data) implements AgentRules {

        private static final long PAGE = 8192;

        /** Files of lower numbers are the catalogs', without which nothing starts. */
        private static final int FIRST_OF_USERS = 16_384;

        @Override
        public RejoinPlan rejoin(RejoinPlanner.Local local, RejoinPlanner.PrimaryData primary) {
            RejoinPlan plan = RejoinPlanner.plan(local, primary);
            if (plan.way() == RejoinPlan.Way.RECOVER) {
                try {
                    mend(Objects.requireNonNull(data.get(), "the agent has not been started")
                            .resolve("base"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return plan;
        }

        @Override
        public Map<String, String> fixed(Map<String, String> settings) {
            return BrokenAgent.withRestartPoints(settings);
        }

        private static void mend(Path base) throws IOException {
            List<Path> tables;
            try (Stream<Path> files = Files.walk(base)) {
                tables = files.filter(Rules::isUsers).toList();
            }
            for (Path table : tables) {
                try (FileChannel file = FileChannel.open(table, StandardOpenOption.WRITE)) {
                    file.truncate(Math.max(0, file.size() - PAGE));
                }
            }
        }

        private static boolean isUsers(Path file) {
            String name = String.valueOf(file.getFileName());
            return Files.isRegularFile(file) && name.matches("\\d{5,9}") && Integer.parseInt(name) >= FIRST_OF_USERS;
        }
    }
}
