package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes containers, networks and volumes that dead processes of this project have left behind.
 *
 * <p>Only what carries this project's labels, was made on this machine in its present boot and process-id namespace, and
 * whose process is gone. What belongs to another machine, to a live process or to somebody else is never touched.
 */
public final class Sweep {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration GONE = Duration.ofSeconds(10);

    private final Engine engine;

    public Sweep(Engine engine) {
        this.engine = engine;
    }

    /**
     * What has been removed.
     *
     * @param containers their names
     * @param networks their names
     * @param volumes their names
     */
    public record Swept(List<String> containers, List<String> networks, List<String> volumes) {
        public Swept {
            containers = List.copyOf(containers);
            networks = List.copyOf(networks);
            volumes = List.copyOf(volumes);
        }

        /** Whether there was nothing to remove. */
        public boolean isEmpty() {
            return containers.isEmpty() && networks.isEmpty() && volumes.isEmpty();
        }
    }

    /**
     * Removes what dead processes have left.
     *
     * @throws EnvironmentException if the engine does not answer
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Swept deadRuns() throws InterruptedException {
        Swept swept = remove(ownership -> isOrphan(ownership, engine.owner()));
        if (!swept.isEmpty()) {
            log.info("Removed what an earlier run that was killed had left: {}", swept);
        }
        return swept;
    }

    /** Removes everything of one run of this process. */
    Swept run(String run) throws InterruptedException {
        return remove(
                ownership -> ownership.run().equals(run) && ownership.owner().equals(engine.owner()));
    }

    static boolean isOrphan(Ownership ownership, Owner here) {
        return ownership.owner().visibleFrom(here) && !ownership.owner().alive();
    }

    private Swept remove(Predicate<Ownership> condemned) throws InterruptedException {
        DockerClient docker = engine.docker();
        List<String> ours = List.of(Ownership.LABEL + "=" + Ownership.YES);
        Predicate<Map<String, String>> matches =
                labels -> Ownership.of(labels).filter(condemned).isPresent();

        // Containers first: networks and volumes cannot go while one uses them.
        List<Container> containers = engine.call(
                "the list of containers",
                () -> docker.listContainersCmd().withShowAll(true).withFilter("label", ours).exec().stream()
                        .filter(container -> matches.test(labels(container.getLabels())))
                        .toList());
        List<Optional<String>> removedContainers = removeAll(containers.stream()
                .map(container -> removal(
                        name(container),
                        () -> docker.removeContainerCmd(container.getId())
                                .withForce(true)
                                .withRemoveVolumes(true)
                                .exec()))
                .toList());

        List<Callable<Optional<String>>> rest = new java.util.ArrayList<>();
        engine
                .call(
                        "the list of networks",
                        () -> docker.listNetworksCmd().withFilter("label", ours).exec())
                .stream()
                .filter(network -> matches.test(labels(network.getLabels())))
                .forEach(network -> rest.add(removal(
                        "network " + network.getName(),
                        () -> docker.removeNetworkCmd(network.getId()).exec())));
        Optional.ofNullable(engine.call(
                                "the list of volumes",
                                () -> docker.listVolumesCmd()
                                        .withFilter("label", ours)
                                        .exec())
                        .getVolumes())
                .orElse(List.of())
                .stream()
                .filter(volume -> matches.test(labels(volume.getLabels())))
                .forEach(volume -> rest.add(removal(
                        "volume " + volume.getName(),
                        () -> docker.removeVolumeCmd(volume.getName()).exec())));
        List<Optional<String>> removedRest = removeAll(rest);
        return new Swept(names(removedContainers, ""), names(removedRest, "network "), names(removedRest, "volume "));
    }

    private List<Optional<String>> removeAll(List<Callable<Optional<String>>> removals) throws InterruptedException {
        return removals.isEmpty() ? List.of() : engine.bounded().all("leftovers to be removed", LIMIT, removals);
    }

    /** Removes one thing; several processes may sweep at once, so that another one being faster is no failure. */
    private static Callable<Optional<String>> removal(String name, Runnable action) {
        return () -> {
            long deadline = System.nanoTime() + GONE.toNanos();
            while (true) {
                try {
                    action.run();
                    return Optional.of(name);
                } catch (NotFoundException e) {
                    return Optional.empty();
                } catch (ConflictException e) {
                    // "removal ... is already in progress", or a volume whose container is just going
                    if (System.nanoTime() > deadline) {
                        throw new EnvironmentException(
                                "The engine would not remove " + name + " (" + e.getMessage() + ").", e);
                    }
                    Thread.sleep(10);
                } catch (DockerException e) {
                    throw new EnvironmentException(
                            "The engine could not remove " + name + " (" + e.getMessage() + ").", e);
                }
            }
        };
    }

    private static List<String> names(List<Optional<String>> removed, String kind) {
        return removed.stream()
                .flatMap(Optional::stream)
                .filter(name -> name.startsWith(kind))
                .map(name -> name.substring(kind.length()))
                .sorted()
                .toList();
    }

    private static String name(Container container) {
        String[] names = container.getNames();
        return names == null || names.length == 0 ? container.getId() : names[0].replaceFirst("^/", "");
    }

    private static Map<String, String> labels(@org.jspecify.annotations.Nullable Map<String, String> labels) {
        return labels == null ? Map.of() : labels;
    }
}
