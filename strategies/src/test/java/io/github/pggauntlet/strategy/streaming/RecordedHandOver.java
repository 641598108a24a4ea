package io.github.pggauntlet.strategy.streaming;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it was told. */
final class RecordedHandOver implements HandOver {

    private final AtomicInteger orders;

    /** What was told to whom, in this order. */
    final List<String> said = new ArrayList<>();

    /** The members whose agents do not answer. */
    final Set<String> deaf = new HashSet<>();

    RecordedHandOver(AtomicInteger orders) {
        this.orders = orders;
    }

    @Override
    public void stepDown() {
        orders.incrementAndGet();
        said.add("step down");
    }

    @Override
    public void favour(String member) {
        said.add("favour " + member);
    }

    @Override
    public boolean tell(String other, String favoured) {
        said.add("tell " + other + " " + favoured);
        return !deaf.contains(other);
    }
}
