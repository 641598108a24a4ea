package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.Ownership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels by which everything of this process is found and removed when it is gone. They are taken from a container that
 * the harness has made, so that the two cannot differ.
 *
 * @param labels the labels of the harness's own containers
 */
record Labels(Map<String, String> labels) {

    private static final String ALL = "{{range $name, $value := .Config.Labels}}{{$name}}={{$value}}{{println}}{{end}}";

    Labels {
        labels = Map.copyOf(labels);
    }

    static Labels of(DockerCli docker, String container) throws InterruptedException {
        Map<String, String> labels = new TreeMap<>();
        docker.run("inspect", "--format", ALL, container)
                .lines()
                .filter(line -> line.startsWith(Ownership.LABEL))
                .map(line -> line.split("=", 2))
                .forEach(pair -> labels.put(pair[0], pair[1]));
        return new Labels(labels);
    }

    /** The same for a run of another name. */
    Labels forRun(String run) {
        Map<String, String> other = new TreeMap<>(labels);
        other.put(Ownership.RUN, run);
        return new Labels(other);
    }

    String run() {
        return labels.getOrDefault(Ownership.RUN, "");
    }

    /** As arguments of {@code docker ... create} and {@code docker run}. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        labels.forEach((name, value) -> arguments.addAll(List.of("--label", name + "=" + value)));
        return arguments;
    }

    /** As an argument that selects what carries them. */
    String filter() {
        return "label=" + Ownership.RUN + "=" + run();
    }
}
