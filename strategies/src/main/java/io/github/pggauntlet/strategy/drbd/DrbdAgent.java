package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Peer;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.LocalHost;
import io.github.pggauntlet.strategy.ucarp.AddressTurn;
import io.github.pggauntlet.strategy.ucarp.UcarpInstaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent's program: one argument, the path of its settings. Runs as root, since disks are root's. */
public final class DrbdAgent {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration CALL = Duration.ofSeconds(3);
    private static final Path JOURNAL = Path.of("/var/lib/gauntlet/journal");
    private static final Pattern SOURCE = Pattern.compile("\\bsrc ([\\d.]+)");

    private DrbdAgent() {}

    /**
     * Runs the agent until it is told to stop.
     *
     * @throws IOException if its settings cannot be read, or its port is taken
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AgentSettings settings = AgentSettings.parse(Files.readString(Path.of(arguments[0])));
        Host host = new LocalHost(settings.member(), "127.0.0.1");
        DrbdConfig config =
                here(host, DrbdConfig.parse(Files.readString(Path.of(settings.resource())), settings.member()));
        DrbdResource resource = new DrbdResource(host, config);
        DiskJournal journal = DiskJournal.open(JOURNAL, settings.member(), Clock.systemUTC());
        journal.add(Milestone.AGENT_STARTED, Map.of());
        Kernel kernel = new Kernel(host);
        AgentCaller neighbour = new AgentCaller(settings.other(), settings.neighbour(), CALL);
        Return comeback = new Return(kernel, journal, () -> {
            try {
                return Optional.of(neighbour.status().get()).filter(status -> status.role() != NodeRole.UNREACHABLE);
            } catch (ExecutionException e) {
                throw new HaException("The other machine's agent could not be asked: " + e.getMessage(), e);
            }
        });
        Fence fence = new Fence(
                settings.arbiters().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Witness(settings.arbiters(), settings.cluster(), settings.member(), CALL)),
                resource);
        comeback.begin();
        resource.up();
        DiskAgent agent = new DiskAgent(
                settings,
                config.fencing(),
                resource,
                new MountedServer(host, config.device(), settings.mountPoint(), settings.shutdown()),
                new AddressTurn(Path.of(UcarpInstaller.STATE)),
                kernel,
                journal,
                comeback,
                fence);
        leaveInOrder(Thread.currentThread(), settings.shutdown().multipliedBy(2).plus(LIMIT));
        AgentDoor door = new AgentDoor(settings.agent(), agent, journal, fence, settings.token());
        try {
            agent.run();
        } catch (InterruptedException e) {
            agent.leave();
        } finally {
            door.close();
        }
    }

    /** Told to end, the agent stops PostgreSQL and gives the disk back first: a machine is shut down so. */
    private static void leaveInOrder(Thread agent, Duration limit) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            agent.interrupt();
            try {
                agent.join(limit.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** The resource with the machine's address as it is now: it may have another one than before it was last switched off. */
    private static DrbdConfig here(Host host, DrbdConfig config) throws InterruptedException {
        String route = host.run(Command.of(
                        LIMIT, "ip", "-o", "-4", "route", "get", config.there().address()))
                .orFail()
                .output();
        Matcher source = SOURCE.matcher(route);
        if (!source.find()) {
            throw new HaException(
                    "By which address this machine reaches the other one cannot be seen: " + route.strip());
        }
        Peer here =
                new Peer(config.here().machine(), source.group(1), config.here().port());
        DrbdConfig now = config.at(here);
        host.put(now.file(), now.render().getBytes(UTF_8), "root", 0644);
        return now;
    }
}
