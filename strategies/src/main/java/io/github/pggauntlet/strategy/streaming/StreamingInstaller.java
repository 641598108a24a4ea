package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.host.PosixShell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts agents on machines and starts them as services of runit. Takes the cluster as it is told; whether it makes sense is
 * for the strategy to say.
 */
public final class StreamingInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(StreamingInstaller.class);
    private static final String SERVICE = "gauntlet-agent";
    private static final String USER = "postgres";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration WHOLE = Duration.ofMinutes(3);
    private static final Duration REHEARSAL = Duration.ofMinutes(1);
    private static final String SERVICES = "/etc/service/";
    private static final int MISSING = 3;

    /** Arguments: the agent's directory, the service's directory, the owner, and the programs that must be there. */
    private static final String PREPARE = """
            directory=$1 service=$2 owner=$3
            shift 3
            missing=$(for program in "$@"; do command -v "$program" >/dev/null || echo "$program"; done)
            if [ -n "$missing" ]; then
                echo "$missing"
                exit 3
            fi
            mkdir -p "$service" "$directory/log" && chown "$owner" "$directory" "$directory/log"
            """;

    private static final int PRIVATE = 0600;
    private static final int PROGRAM = 0755;

    private final AgentProgram program;

    /** @param program the agent to put on the machines */
    public StreamingInstaller(AgentProgram program) {
        this.program = program;
    }

    /** What the agents need of their machines. */
    public HostRequirements requirements() {
        return new HostRequirements(
                2,
                true,
                Set.of(
                        "bash",
                        "java",
                        "postgres",
                        "initdb",
                        "pg_basebackup",
                        "pg_rewind",
                        "pg_controldata",
                        "pg_waldump",
                        "setpriv",
                        "chpst",
                        "service-enable"),
                program.files(),
                program.rehearsal());
    }

    /**
     * Installs and starts the agents.
     *
     * @throws IllegalArgumentException if a member's certificate or key cannot be used
     * @throws HaException if a machine could not be prepared
     * @throws InterruptedException if the calling thread is interrupted
     */
    public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        List<AgentConfig> configs = spec.members().stream()
                .map(member -> AgentConfig.of(spec, member))
                .toList();
        // A certificate that cannot be used is said before anything is done to a machine.
        configs.forEach(AgentConfig::tls);
        ExecutorService pool = Executors.newFixedThreadPool(hosts.size());
        try {
            List<Future<?>> installs = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                Host host = hosts.get(i);
                AgentConfig config = configs.get(i);
                installs.add(pool.submit(() -> {
                    install(host, config);
                    return null;
                }));
            }
            for (Future<?> install : installs) {
                install.get(WHOLE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new HaException("The agents could not be installed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new HaException("The agents could not be installed within " + WHOLE.toSeconds() + " s.", e);
        } finally {
            pool.shutdownNow();
        }
        return new StreamingCluster(spec);
    }

    private void install(Host host, AgentConfig config) throws InterruptedException {
        String configFile = config.directory() + "/agent.json";
        String service = SERVICES + SERVICE;
        prepare(host, config, service);
        if (ProvidedFile.put(program.files(), host)) {
            rehearse(host);
        }
        host.put(configFile, AgentJson.mapper().writeValueAsBytes(config), USER, PRIVATE);
        host.put(service + "/run", runScript(config, configFile).getBytes(UTF_8), "root", PROGRAM);
        run(host, "service-enable", SERVICE);
    }

    /** Looks for the programs that are needed, and makes the directories: one command, since each costs a round trip. */
    private void prepare(Host host, AgentConfig config, String service) throws InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", PREPARE, "sh", config.directory(), service, USER + ":" + USER));
        command.addAll(requirements().programs().stream().sorted().toList());
        CommandResult result = host.run(new Command(command, Map.of(), LIMIT));
        if (result.status() == MISSING) {
            throw new HaException("On " + host.name() + " there is no "
                    + result.output().strip().replace("\n", ", ")
                    + " on the search path; install it, or add its directory, and try again.");
        }
        result.orFail();
    }

    /** Whoever has put the files there beforehand has seen to that too. Nothing depends on it. */
    private void rehearse(Host host) throws InterruptedException {
        try {
            host.run(new Command(program.rehearsal(), Map.of(), REHEARSAL)).orFail();
        } catch (HostException e) {
            LOG.warn(
                    "The agent's program could not be rehearsed on {}; it will start later: {}",
                    host.name(),
                    e.getMessage());
        }
    }

    private String runScript(AgentConfig config, String configFile) {
        String directory = PosixShell.quote(config.directory());
        // chpst leaves HOME at root's, where libpq would look for certificates and may not.
        return """
                #!/bin/sh
                # Runs the agent of this machine's PostgreSQL.
                exec >>%s/log/agent.log 2>&1
                cd %s
                export HOME=%s
                # Threads share the C library's heaps instead of each filling one of its own.
                export MALLOC_ARENA_MAX=2
                exec %s
                """.formatted(
                directory,
                directory,
                directory,
                PosixShell.line(Stream.concat(
                                Stream.of("chpst", "-u", USER + ":" + USER),
                                program
                                        .command(
                                                configFile,
                                                config.credentials().tls().isPresent())
                                        .stream())
                        .toList()));
    }

    private static void run(Host host, String... arguments) throws InterruptedException {
        host.run(Command.of(LIMIT, arguments)).orFail();
    }
}
