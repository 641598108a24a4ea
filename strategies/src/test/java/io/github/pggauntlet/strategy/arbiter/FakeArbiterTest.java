package io.github.pggauntlet.strategy.arbiter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What other tests take for an arbiter holds to what an arbiter holds to. */
class FakeArbiterTest extends ArbiterContract {

    private final AtomicLong now = new AtomicLong();
    private final FakeArbiter arbiter = new FakeArbiter(now::get);
    private final List<FakeArbiter.Client> clients = new ArrayList<>();

    @Override
    Arbiter connect() {
        FakeArbiter.Client client = arbiter.client();
        clients.add(client);
        return client;
    }

    @Override
    void letLeaseEnd() {
        now.addAndGet(LEASE.toNanos());
    }

    @Override
    void reachable(boolean is) {
        clients.forEach(client -> client.cut(!is));
    }
}
