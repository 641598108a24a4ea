package io.github.pggauntlet.harness.workload;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Says what each session of a load does. The last half of them do what was chosen beside the ledger. */
final class Deeds {

    /** Notes are read whole again and again, so there must not be too many of them. */
    private static final double MOST_NOTES_A_SECOND = 100;

    private final WorkloadSettings settings;
    private final Recorder recorder;
    private final Connector connector;
    private final ListKeys lists = new ListKeys();
    private final AtomicLong values = new AtomicLong();

    Deeds(WorkloadSettings settings, Recorder recorder, Connector connector) {
        this.settings = settings;
        this.recorder = recorder;
        this.connector = connector;
    }

    /**
     * What a session does.
     *
     * @param place which session of the load it is, from 1 on
     * @param number the session's number in the run
     */
    Deed of(int place, int number, SplittableRandom random) {
        WorkloadChoice choice = settings.choice();
        if (!isBeside(place)) {
            boolean several = settings.transactionEvery() > 0 && place % settings.transactionEvery() == 0;
            return new LedgerDeed(number, several ? settings.rowsMax() : 1, recorder, random);
        }
        return switch (choice.kind()) {
            case APPEND -> transactions(number, random, new AppendWork(lists, random.split()));
            case REGISTER -> transactions(number, random, new RegisterWork(values, random.split()));
            case BANK -> transactions(number, random, new BankWork(random.split()));
            case STANDBY_READS, LEDGER -> new StandbyReadsDeed(number, recorder, connector, random, values);
        };
    }

    private Deed transactions(int number, SplittableRandom random, Work work) {
        return new TransactionDeed(number, recorder, settings.choice(), random, work);
    }

    /** How often a second a session does it; 0 for as often as it can. */
    double rate(int place) {
        double each = settings.rate() / settings.sessions();
        if (!isBeside(place) || settings.choice().kind() != WorkloadChoice.Kind.STANDBY_READS) {
            return each;
        }
        double most = MOST_NOTES_A_SECOND / settings.beside();
        return each == 0 ? most : Math.min(each, most);
    }

    private boolean isBeside(int place) {
        return place > settings.sessions() - settings.beside();
    }
}
