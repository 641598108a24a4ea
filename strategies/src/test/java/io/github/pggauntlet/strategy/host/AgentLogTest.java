package io.github.pggauntlet.strategy.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class AgentLogTest {

    private static final String[] OPTION =
            AgentLog.OPTION.substring("-D".length()).split("=", 2);

    private final LoggerContext logging = new LoggerContext();

    @AfterEach
    void noAgentAnyMore() {
        System.clearProperty(OPTION[0]);
        logging.stop();
    }

    private List<Appender<ILoggingEvent>> appenders() {
        List<Appender<ILoggingEvent>> all = new ArrayList<>();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(all::add);
        return all;
    }

    @Test
    void anAgentWritesToItsServiceAndItsLibrariesKeepQuiet() {
        System.setProperty(OPTION[0], OPTION[1]);

        assertThat(new AgentLog().configure(logging)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(appenders()).hasSize(1).allMatch(Appender::isStarted);
        assertThat(logging.getLogger("io.github.pggauntlet.X").getEffectiveLevel())
                .isEqualTo(Level.INFO);
        assertThat(logging.getLogger("io.grpc.X").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(logging.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getEffectiveLevel() > 0);
    }

    @Test
    void anApplicationThatEmbedsAnAgentLogsAsItLikes() {
        assertThat(new AgentLog().configure(logging)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(appenders()).isEmpty();
    }

    @Test
    void logbackFindsIt() {
        assertThat(ServiceLoader.load(Configurator.class)).anyMatch(AgentLog.class::isInstance);
    }
}
