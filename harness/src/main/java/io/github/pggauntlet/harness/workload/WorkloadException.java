package io.github.pggauntlet.harness.workload;

/** The workload could not do its work for a reason that lies in the harness. The message says what was tried and seen. */
public class WorkloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WorkloadException(String message) {
        super(message);
    }

    public WorkloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
