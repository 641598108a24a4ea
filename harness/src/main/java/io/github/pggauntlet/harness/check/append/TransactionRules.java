package io.github.pggauntlet.harness.check.append;

/**
 * What can be said of one transaction from where its own operations stand: lost updates, writes of others between its own,
 * intermediate reads. O(n · k) for n operations in transactions of k.
 */
final class TransactionRules {

    private final AppendHistory history;
    private final VersionOrder versions;
    private final Findings findings;

    TransactionRules(AppendHistory history, VersionOrder versions, Findings findings) {
        this.history = history;
        this.versions = versions;
        this.findings = findings;
    }

    void check() {
        for (int transaction = 0; transaction < history.size(); transaction++) {
            if (versions.alive(transaction)) {
                int first = history.firstOperation(transaction);
                int end = history.endOfOperations(transaction);
                for (int operation = first; operation < end; operation++) {
                    if (!history.isAppend(operation)) {
                        lookForIntermediateRead(transaction, operation);
                    } else if (versions.place(operation) >= 0) {
                        lookAtOperationBefore(transaction, first, operation);
                    }
                }
            }
        }
    }

    private void lookAtOperationBefore(int transaction, int first, int append) {
        int key = history.key(append);
        int before = append - 1;
        while (before >= first && history.key(before) != key) {
            before--;
        }
        if (before < first) {
            return;
        }
        int at = versions.place(append);
        if (history.isAppend(before)) {
            followsOwn(transaction, key, versions.place(before), at);
        } else {
            followsRead(transaction, key, history.value(before), at);
        }
    }

    private void followsOwn(int transaction, int key, int before, int at) {
        if (before < 0) {
            return;
        }
        if (at <= before) {
            findings.direct(
                    Kind.INCOMPATIBLE_ORDER,
                    () -> "T" + transaction + " appended to key " + key + " at place " + before + " and then at place "
                            + at);
        } else if (at > before + 1) {
            findings.direct(
                    Kind.G0,
                    () -> "another transaction appended to key " + key + " between the places " + before + " and " + at
                            + ", both of T" + transaction);
        }
    }

    private void followsRead(int transaction, int key, int length, int at) {
        if (at < length) {
            findings.direct(
                    Kind.INCOMPATIBLE_ORDER,
                    () -> "T" + transaction + " read " + length + " values of key " + key
                            + " and then appended at place " + at);
        } else if (at > length) {
            findings.direct(
                    Kind.LOST_UPDATE,
                    () -> "T" + transaction + " read " + length + " values of key " + key
                            + " and then appended at place " + at + ", after " + other(key, length)
                            + " which it had not read");
        }
    }

    private String other(int key, int length) {
        int writer = versions.writerFrom(key, length);
        return writer >= 0 ? "a value of T" + writer : "a value";
    }

    private void lookForIntermediateRead(int reader, int read) {
        int key = history.key(read);
        int length = history.value(read);
        if (length == 0 || length > versions.length(key)) {
            return;
        }
        int writer = versions.writer(key, length - 1);
        if (writer == reader) {
            // A read of the transaction's own version after its append is not kept, so this one was before it.
            int early = history.lists().value(key, length - 1);
            findings.direct(
                    Kind.INTERNAL,
                    () -> "T" + reader + " read " + early + " from key " + key + " before it appended it itself");
            return;
        }
        if (writer < 0) {
            return;
        }
        for (int operation = history.firstOperation(writer); operation < history.endOfOperations(writer); operation++) {
            if (history.isAppend(operation) && history.key(operation) == key && versions.place(operation) >= length) {
                int unseen = history.value(operation);
                findings.direct(
                        Kind.G1B,
                        () -> "T" + reader + " read key " + key + " without " + unseen + ", which T" + writer
                                + " appended after what T" + reader + " saw of it");
                return;
            }
        }
    }
}
