package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.append.Transaction.Append;
import io.github.pggauntlet.harness.check.append.Transaction.Operation;
import io.github.pggauntlet.harness.check.append.Transaction.Read;
import io.github.pggauntlet.harness.check.model.AppendModel;
import io.github.pggauntlet.harness.check.model.Behaviour;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Small histories by lot: of all model databases, some of them with something changed afterwards. */
final class RandomHistory {

    private RandomHistory() {}

    static List<Transaction> of(long seed, int most, double unknown) {
        SplittableRandom random = new SplittableRandom(seed);
        Behaviour[] behaviours = Behaviour.values();
        // Snapshots more often than others: what is told apart last needs the most tries.
        int behaviour = random.nextInt(2 * behaviours.length);
        AppendModel.Settings settings = new AppendModel.Settings(
                behaviour < behaviours.length ? behaviours[behaviour] : Behaviour.SNAPSHOT,
                1 + random.nextInt(most),
                1 + random.nextInt(4),
                1 + random.nextInt(3),
                2 + random.nextInt(6),
                1 + random.nextInt(4),
                unknown,
                0.1,
                random.nextLong());
        Transaction.Collector collector = new Transaction.Collector();
        AppendModel.run(settings, collector);
        List<Transaction> transactions = collector.transactions;
        for (int changes = Math.max(0, random.nextInt(4) - 1); changes > 0; changes--) {
            change(transactions, random);
        }
        return transactions;
    }

    private static void change(List<Transaction> transactions, SplittableRandom random) {
        int at = random.nextInt(transactions.size());
        Transaction transaction = transactions.get(at);
        if (transaction.operations().isEmpty()) {
            return;
        }
        List<Operation> operations = new ArrayList<>(transaction.operations());
        int which = random.nextInt(operations.size());
        Operation operation = operations.get(which);
        if (operation instanceof Append append && random.nextInt(4) == 0) {
            operations.set(
                    which,
                    new Append(append.key(), append.value(), Math.max(0, append.place() + random.nextInt(3) - 1)));
        } else if (operation instanceof Read read) {
            operations.set(which, new Read(read.key(), changed(read.values(), random)));
        }
        transactions.set(
                at,
                new Transaction(
                        transaction.session(),
                        transaction.invoked(),
                        transaction.completed(),
                        transaction.outcome(),
                        operations));
    }

    private static List<Integer> changed(List<Integer> values, SplittableRandom random) {
        List<Integer> changed = new ArrayList<>(values);
        if (changed.isEmpty()) {
            changed.add(random.nextInt(4));
            return changed;
        }
        switch (random.nextInt(6)) {
            case 0 -> Collections.swap(changed, random.nextInt(changed.size()), random.nextInt(changed.size()));
            case 1 -> changed.add(changed.get(random.nextInt(changed.size())));
            case 2 -> changed.remove(random.nextInt(changed.size()));
            default -> changed.remove(changed.size() - 1);
        }
        return changed;
    }
}
