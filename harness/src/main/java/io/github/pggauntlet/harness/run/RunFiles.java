package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.RunRecord;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.PlanFile.Promised;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Promises;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the plan and the verdict in a run's folder, and loads a run to be judged. Safe for several threads. */
public final class RunFiles {

    private final JsonMapper json = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // A plan of which a part is missing is damaged, and no plan with nulls in it.
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();
    private final VerdictJson verdicts = new VerdictJson();

    /**
     * A run as its folder tells it.
     *
     * @param plan what was to be run
     * @param versions the version of each part, by its name
     * @param record what came of it
     */
    public record Loaded(RunPlan plan, SortedMap<String, String> versions, RunRecord record) {

        /** What a verdict says of the run besides its findings. */
        public Verdict.RunFacts facts() {
            return new Verdict.RunFacts(plan.seed(), plan.strategy(), plan.scenario(), versions);
        }
    }

    /**
     * Writes the plan.
     *
     * @throws RecordingException if it cannot be written
     */
    public void writePlan(RunFolder folder, RunPlan plan, Promises promises, Map<String, String> versions) {
        PlanFile file = PlanFile.of(plan, promises, versions);
        // One flat object: what was run stands where a reader looks first.
        ObjectNode root = json.createObjectNode();
        root.put("format", file.format());
        root.set("command", json.valueToTree(plan.command()));
        root.setAll((ObjectNode) json.valueToTree(plan));
        root.set("promises", json.valueToTree(file.promises()));
        root.set("versions", json.valueToTree(file.versions()));
        write(folder.plan(), json.writeValueAsString(root));
    }

    /**
     * Writes the verdict.
     *
     * @throws RecordingException if it cannot be written
     */
    public void writeVerdict(RunFolder folder, Verdict verdict) {
        write(folder.verdict(), verdicts.write(verdict));
    }

    /**
     * Reads the plan of a run.
     *
     * @throws DamagedRunException if it is missing or not a plan
     */
    public RunPlan readPlan(RunFolder folder) {
        return read(folder).plan();
    }

    /**
     * Loads a run.
     *
     * @throws DamagedRunException if something of it is missing or cannot be understood
     */
    public Loaded load(RunFolder folder) {
        PlanFile file = read(folder);
        RunRecord record = new RunRecord(
                HistoryReader.read(folder.history()), EventReader.read(folder.events()), promises(folder, file));
        return new Loaded(file.plan(), file.versions(), record);
    }

    private static Promises promises(RunFolder folder, PlanFile file) {
        try {
            return file.spokenPromises();
        } catch (IllegalArgumentException e) {
            throw new DamagedRunException(folder.plan() + " is not the plan of a run: " + e.getMessage(), e);
        }
    }

    private PlanFile read(RunFolder folder) {
        try {
            JsonNode root = json.readTree(Files.readAllBytes(folder.plan()));
            standards(root, json.valueToTree(WorkloadChoice.ledger()));
            PlanFile file = new PlanFile(
                    root.path("format").asInt(0),
                    json.treeToValue(root, RunPlan.class),
                    json.convertValue(root.required("promises"), new TypeReference<Map<FaultClass, Promised>>() {}),
                    json.convertValue(root.required("versions"), new TypeReference<SortedMap<String, String>>() {}));
            if (file.format() != PlanFile.FORMAT) {
                throw new DamagedRunException(folder.plan() + " has format version " + file.format()
                        + "; this program reads version " + PlanFile.FORMAT + ".");
            }
            return file;
        } catch (IOException e) {
            throw new DamagedRunException(folder.plan() + " cannot be read: " + e.getMessage() + ".");
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new DamagedRunException(folder.plan() + " is not the plan of a run: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ".");
        }
    }

    /** What plans that were written before there was a choice had all the same. */
    private static void standards(JsonNode root, JsonNode workload) {
        if (root instanceof ObjectNode plan) {
            plan.putIfAbsent("arbiters", plan.numberNode(1));
            plan.putIfAbsent("volume", plan.numberNode(0));
            plan.putIfAbsent("ownKernels", plan.booleanNode(false));
            plan.putIfAbsent("workload", workload);
        }
    }

    /** A file is there whole or not at all, also when the process is killed. */
    private static void write(Path file, String content) {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        try {
            Files.writeString(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RecordingException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }
}
