package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Topology;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The version of each part of a run, by its name. */
final class Versions {

    private Versions() {}

    static SortedMap<String, String> of(Images images, Engine engine, Topology topology) throws InterruptedException {
        SortedMap<String, String> versions = new TreeMap<>();
        versions.put("postgresql", Integer.toString(topology.postgres()));
        versions.put("node image", images.node(topology.postgres()));
        versions.put("etcd image", images.etcd());
        versions.put("toxiproxy image", images.toxiproxy());
        versions.put("engine", engine.version());
        versions.put("java", System.getProperty("java.runtime.version", "unknown"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        versions.put("pgjdbc", org.postgresql.util.DriverInfo.DRIVER_VERSION);
        versions.put("pg-gauntlet", version());
        return versions;
    }

    private static String version() {
        return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
