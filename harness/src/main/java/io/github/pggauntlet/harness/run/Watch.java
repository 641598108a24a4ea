package io.github.pggauntlet.harness.run;

import java.util.Map;

/**
 * What is looked at and recorded while a story is played.
 *
 * @param observer the members' own words
 * @param disks the disks that are kept alike, where there are any
 */
record Watch(Observer observer, DiskWatch disks) implements AutoCloseable {

    /**
     * Begins to look.
     *
     * @param seen the number of the last entry of each member's journal that is not of this run
     */
    static Watch begin(Recording recording, Installed on, Map<String, Long> seen, RunListener listener) {
        Observer observer =
                new Observer(on.cluster(), on.spec().members(), recording.events(), recording.clock(), listener, seen);
        return new Watch(
                observer, DiskWatch.begin(on.machines(), on.replicatedDisk(), recording.events(), recording.clock()));
    }

    @Override
    public void close() {
        disks.close();
        observer.close();
    }
}
