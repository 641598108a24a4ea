package io.github.pggauntlet.scenarios.chaos;

import com.github.dockerjava.api.DockerClient;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Ownership;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/** The engine as somebody sees it who is not of this project: with docker-java alone. */
final class EngineView {

    private final DockerClient docker;
    private final Images images;

    /** The engine that the harness uses. */
    EngineView(Images images) {
        this.images = images;
        this.docker = DockerClientProviderStrategy.getClientForConfig(transport(images));
    }

    private static TransportConfig transport(Images images) {
        Optional<URI> prepared = images.engine().map(URI::create).filter(uri -> "unix".equals(uri.getScheme()));
        return prepared.isPresent() && System.getenv("DOCKER_HOST") == null
                ? TransportConfig.builder().dockerHost(prepared.get()).build()
                : DockerClientFactory.instance().getTransportConfig();
    }

    /** Starts a container that has nothing to do with this project. */
    String startForeign() {
        String id = docker.createContainerCmd(images.etcd())
                .withName("somebody-elses-" + UUID.randomUUID())
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
        return id;
    }

    /** Whether a container runs. */
    boolean runs(String container) {
        return Boolean.TRUE.equals(
                docker.inspectContainerCmd(container).exec().getState().getRunning());
    }

    /** Removes a container. */
    void remove(String container) {
        docker.removeContainerCmd(container)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec();
    }

    /** What a process owns, by kind and name: containers in any state, networks, volumes. */
    List<String> ownedBy(long pid) {
        Predicate<Map<String, String>> owned = labels ->
                labels != null && labels.getOrDefault(Ownership.OWNER, "").matches(".*:" + pid + ":\\d+");
        List<String> all = new ArrayList<>();
        docker.listContainersCmd().withShowAll(true).exec().stream()
                .filter(container -> owned.test(container.getLabels()))
                .forEach(container -> all.add("container " + Arrays.toString(container.getNames())));
        docker.listNetworksCmd().exec().stream()
                .filter(network -> owned.test(network.getLabels()))
                .forEach(network -> all.add("network " + network.getName()));
        docker.listVolumesCmd().exec().getVolumes().stream()
                .filter(volume -> owned.test(volume.getLabels()))
                .forEach(volume -> all.add("volume " + volume.getName()));
        return all;
    }
}
