package io.github.pggauntlet.strategy.host;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/**
 * The log of an agent that runs as a program: to standard output, which its service appends to a file. Written here and not
 * in a file of Logback's, for which an agent would keep an XML parser in its memory. Logback finds this class in every process
 * that has it on the class path; it does nothing unless the process was started as an agent.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class AgentLog extends ContextAwareBase implements Configurator {

    private static final String PROPERTY = "io.github.pggauntlet.agent";

    /** The option of the JVM by which a process is an agent. */
    public static final String OPTION = "-D" + PROPERTY + "=true";

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level [%thread] %logger{0} %msg%n%nopex";
    private static final List<String> QUIET = List.of("io.netty", "io.grpc", "io.etcd", "io.vertx");

    /** Made by Logback. */
    public AgentLog() {}

    @Override
    public ExecutionStatus configure(LoggerContext logging) {
        if (!Boolean.getBoolean(PROPERTY)) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logging);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> out = new ConsoleAppender<>();
        out.setContext(logging);
        out.setName("OUT");
        out.setEncoder(encoder);
        out.start();
        QUIET.forEach(name -> logging.getLogger(name).setLevel(Level.WARN));
        ch.qos.logback.classic.Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(out);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
