package io.github.pggauntlet.harness.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a container, network or volume is: the run it was made for and the process that made it. It travels with the
 * thing as labels, so that it can be read when the process is gone.
 *
 * @param run the run's id
 * @param owner the process
 */
public record Ownership(String run, Owner owner) {

    /** The label that everything of this project carries; {@value #YES} for what belongs to a run. */
    public static final String LABEL = "io.github.pggauntlet";

    /** The value of {@link #LABEL} for what belongs to a run and goes with it. */
    public static final String YES = "true";

    /** The value of {@link #LABEL} for volumes of provided files, which are kept from run to run. */
    public static final String FILES = "files";

    /** The label with the run's id. */
    public static final String RUN = LABEL + ".run";

    /** The label with the owner: host, process id, start of the process. */
    public static final String OWNER = LABEL + ".owner";

    /** The label with the boot and process-id namespace in which the owner's process id means something. */
    public static final String REALM = LABEL + ".realm";

    /** The labels to put on everything created. */
    public Map<String, String> labels() {
        return Map.of(LABEL, YES, RUN, run, OWNER, owner.text(), REALM, owner.realm());
    }

    /** These labels and one more. */
    Map<String, String> labelsWith(String label, String value) {
        Map<String, String> labels = new HashMap<>(labels());
        labels.put(label, value);
        return labels;
    }

    /** Reads the labels of a thing; empty if it does not belong to a run of this project. */
    static Optional<Ownership> of(Map<String, String> labels) {
        String run = labels.get(RUN);
        String owner = labels.get(OWNER);
        String realm = labels.get(REALM);
        if (!YES.equals(labels.get(LABEL)) || run == null || owner == null || realm == null) {
            return Optional.empty();
        }
        return Owner.parse(owner, realm).map(parsed -> new Ownership(run, parsed));
    }
}
