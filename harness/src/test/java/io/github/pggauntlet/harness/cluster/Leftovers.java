package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What of this process's runs the engine still has. */
final class Leftovers {

    private Leftovers() {}

    static List<String> of(Engine engine, Predicate<String> runs) {
        return of(engine, engine.owner(), runs);
    }

    static List<String> of(Engine engine, Owner owner, Predicate<String> runs) {
        DockerClient docker = engine.docker();
        Predicate<Map<String, String>> ours = labels -> Ownership.of(labels)
                .filter(ownership -> ownership.owner().equals(owner) && runs.test(ownership.run()))
                .isPresent();
        List<String> all = new ArrayList<>();
        docker.listContainersCmd().withShowAll(true).exec().stream()
                .filter(container -> ours.test(container.getLabels()))
                .forEach(container -> all.add(container.getNames()[0]));
        docker.listNetworksCmd().exec().stream()
                .filter(network -> network.getLabels() != null && ours.test(network.getLabels()))
                .forEach(network -> all.add(network.getName()));
        docker.listVolumesCmd().exec().getVolumes().stream()
                .filter(volume -> volume.getLabels() != null && ours.test(volume.getLabels()))
                .forEach(volume -> all.add(volume.getName()));
        return all;
    }
}
