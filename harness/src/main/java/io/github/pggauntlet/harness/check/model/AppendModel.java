package io.github.pggauntlet.harness.check.model;

import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model database of lists, with sessions that take turns by lot. The same settings give the same history. O(1) for an append
 * and O(length) for a read.
 */
public final class AppendModel {

    private static final long STEP_NANOS = 1_000;
    private static final int MOST_WAITS = 20;

    private final Settings settings;
    private final TransactionSink sink;
    private final SplittableRandom random;
    private final List<Row> rows = new ArrayList<>();
    private final int[] active;
    private final Session[] sessions;
    private int commits;
    private int values;
    private long now;
    private int begun;
    private int ended;

    /**
     * What is run.
     *
     * @param behaviour how the database behaves
     * @param transactions how many transactions, also those that fail
     * @param sessions how many run at the same time
     * @param keys how many lists are in use at the same time
     * @param appendsPerKey after how many appends a list is left for a new one
     * @param mostOperations the most operations of a transaction; the number is drawn between 1 and it
     * @param unknown the share of transactions of unknown outcome, of which half take effect
     * @param failed the share of transactions that fail for no reason of their own
     * @param seed of all that is drawn by lot
     */
    public record Settings(
            Behaviour behaviour,
            int transactions,
            int sessions,
            int keys,
            int appendsPerKey,
            int mostOperations,
            double unknown,
            double failed,
            long seed) {

        /** A large and sound history with few conflicts. */
        public static Settings large(Behaviour behaviour, int transactions, int sessions, long seed) {
            return new Settings(behaviour, transactions, sessions, 3 * sessions, 64, 4, 0.01, 0.01, seed);
        }
    }

    /** A list. */
    private static final class Row {
        private final IntList values = new IntList();
        private final IntList commit = new IntList();
        private final IntList pending = new IntList();
        private int owner = -1;
        private int planned;

        int lengthAt(int commits) {
            int length = values.size();
            while (length > 0 && commit.get(length - 1) > commits) {
                length--;
            }
            return length;
        }
    }

    /** A session and the transaction it is in. */
    private static final class Session {
        private boolean busy;
        private long invoked;
        private int snapshot;
        private int waits;
        private int next;
        private final List<Step> steps = new ArrayList<>();
    }

    /** An operation and what came of it. */
    private static final class Step {
        private final int key;
        private final boolean append;
        private int value;
        private int place = -1;
        private int[] seen = new int[0];

        Step(int key, boolean append) {
            this.key = key;
            this.append = append;
        }
    }

    private AppendModel(Settings settings, TransactionSink sink) {
        this.settings = settings;
        this.sink = sink;
        this.random = new SplittableRandom(settings.seed());
        this.active = new int[settings.keys()];
        for (int slot = 0; slot < active.length; slot++) {
            active[slot] = newRow();
        }
        this.sessions = new Session[settings.sessions()];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = new Session();
        }
    }

    /** Runs the transactions and hands them over in the order of their completion. */
    public static void run(Settings settings, TransactionSink sink) {
        new AppendModel(settings, sink).run();
    }

    private void run() {
        while (ended < settings.transactions()) {
            now += STEP_NANOS;
            int number = random.nextInt(sessions.length);
            Session session = sessions[number];
            if (!session.busy) {
                if (begun < settings.transactions()) {
                    begin(session);
                }
            } else if (session.next < session.steps.size()) {
                step(number, session);
            } else {
                finish(number, session);
            }
        }
    }

    private int newRow() {
        rows.add(new Row());
        return rows.size() - 1;
    }

    private void begin(Session session) {
        begun++;
        session.busy = true;
        session.invoked = now;
        session.snapshot = commits;
        session.next = 0;
        session.waits = 0;
        session.steps.clear();
        int count = 1 + random.nextInt(settings.mostOperations());
        for (int i = 0; i < count; i++) {
            int slot = random.nextInt(active.length);
            boolean append = random.nextBoolean();
            session.steps.add(new Step(active[slot], append));
            if (append && ++rows.get(active[slot]).planned == settings.appendsPerKey()) {
                active[slot] = newRow();
            }
        }
    }

    private void step(int number, Session session) {
        Step step = session.steps.get(session.next);
        Row row = rows.get(step.key);
        switch (settings.behaviour()) {
            case READ_COMMITTED -> {
                if (step.append && row.owner >= 0 && row.owner != number) {
                    if (++session.waits > MOST_WAITS) {
                        fail(number, session);
                    }
                    return;
                }
                if (step.append) {
                    row.owner = number;
                    step.value = values++;
                    step.place = row.values.size() + row.pending.size();
                    row.pending.add(step.value);
                } else {
                    step.seen = seen(row, row.values.size(), row.owner == number);
                }
            }
            case UNPROTECTED -> {
                if (step.append) {
                    step.value = values++;
                    step.place = row.values.size();
                    row.values.add(step.value);
                    row.commit.add(0);
                } else {
                    step.seen = seen(row, row.values.size(), false);
                }
            }
            default -> {
                // These take effect at the end, all at once.
            }
        }
        session.next++;
    }

    private void finish(int number, Session session) {
        if (random.nextDouble() < settings.failed()) {
            fail(number, session);
            return;
        }
        boolean unknown = random.nextDouble() < settings.unknown();
        boolean takesEffect = !unknown || random.nextBoolean();
        Outcome outcome = unknown ? Outcome.UNKNOWN : Outcome.ACKNOWLEDGED;
        switch (settings.behaviour()) {
            case SERIAL -> executeAt(session, commits, takesEffect);
            case STALE_READS -> {
                boolean readOnly = session.steps.stream().noneMatch(step -> step.append);
                executeAt(
                        session, readOnly ? commits - random.nextInt(Math.min(commits + 1, 8)) : commits, takesEffect);
            }
            case SNAPSHOT -> {
                if (overtaken(session)) {
                    fail(number, session);
                    return;
                }
                executeAt(session, session.snapshot, takesEffect);
            }
            default -> release(number, session, takesEffect);
        }
        emit(number, session, outcome);
    }

    private boolean overtaken(Session session) {
        for (Step step : session.steps) {
            Row row = rows.get(step.key);
            if (step.append && row.lengthAt(session.snapshot) < row.values.size()) {
                return true;
            }
        }
        return false;
    }

    /** All operations on the state after a number of commits; appends are committed if they are to take effect. */
    private void executeAt(Session session, int state, boolean takesEffect) {
        int commit = commits + 1;
        for (Step step : session.steps) {
            Row row = rows.get(step.key);
            int length = row.lengthAt(state);
            if (step.append) {
                step.value = values++;
                step.place = length + row.pending.size();
                row.pending.add(step.value);
            } else {
                step.seen = seen(row, length, true);
            }
        }
        commit(session, takesEffect, commit);
    }

    private void commit(Session session, boolean takesEffect, int commit) {
        boolean wrote = false;
        for (Step step : session.steps) {
            Row row = rows.get(step.key);
            for (int i = 0; takesEffect && i < row.pending.size(); i++) {
                row.values.add(row.pending.get(i));
                row.commit.add(commit);
                wrote = true;
            }
            row.pending.clear();
        }
        if (wrote) {
            commits = commit;
        }
    }

    private static int[] seen(Row row, int length, boolean withPending) {
        int more = withPending ? row.pending.size() : 0;
        int[] seen = new int[length + more];
        for (int i = 0; i < length; i++) {
            seen[i] = row.values.get(i);
        }
        for (int i = 0; i < more; i++) {
            seen[length + i] = row.pending.get(i);
        }
        return seen;
    }

    /** Lets go of the rows that a transaction under READ COMMITTED holds. */
    private void release(int number, Session session, boolean takesEffect) {
        if (settings.behaviour() != Behaviour.READ_COMMITTED) {
            return;
        }
        int commit = commits + 1;
        for (Step step : session.steps.subList(0, session.next)) {
            Row row = rows.get(step.key);
            if (row.owner == number) {
                for (int i = 0; takesEffect && i < row.pending.size(); i++) {
                    row.values.add(row.pending.get(i));
                    row.commit.add(commit);
                }
                row.pending.clear();
                row.owner = -1;
            }
        }
        commits = commit;
    }

    private void fail(int number, Session session) {
        release(number, session, false);
        emit(number, session, Outcome.FAILED);
    }

    private void emit(int number, Session session, Outcome outcome) {
        sink.begin(number, session.invoked, now, outcome);
        for (Step step : session.steps) {
            if (!step.append) {
                sink.read(step.key, step.seen);
            } else if (step.place >= 0 || outcome == Outcome.ACKNOWLEDGED) {
                sink.append(step.key, step.value, step.place);
            }
        }
        sink.end();
        session.busy = false;
        ended++;
    }
}
