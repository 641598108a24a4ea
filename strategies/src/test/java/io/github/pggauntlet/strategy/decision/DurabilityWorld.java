package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Joining;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Move;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Standby;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.View;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * A primary, its standbys, the gate, the arbiter's record and the commits that clients were told of: as small as it can be
 * and no kinder than reality. A gate that is put in force takes effect only later, unseen. What a standby has reported is
 * behind what it has. Standbys come and go, the primary crashes, a promotable member takes over, at any point. What is
 * asked of the arbiter may be done although the answer never came.
 */
final class DurabilityWorld {

    /** What may be made wrong on purpose. */
    record Flaws(boolean markWithoutProof, boolean lateRecords, boolean nobodyHeard) {
        static final Flaws NONE = new Flaws(false, false, false);
    }

    private static final long COMMIT = 8;
    private static final long NEARBY = 64;

    private static final class Member {
        private long flushed;
        private long reported;
        private boolean connected;
    }

    private final Random random;
    private final Durability durability;
    private final Function<View, Move> policy;
    private final Flaws flaws;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final List<String> story = new ArrayList<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private final Deque<Succession> inFlight = new ArrayDeque<>();

    private String primary = "a";
    private int timeline = 1;
    private long written;
    private long acknowledged;
    private Gate gate = Gate.CLOSED;
    private Gate effective = Gate.CLOSED;
    private Succession succession;
    private Optional<Joining> joining = Optional.empty();

    DurabilityWorld(long seed, int standbys, Durability durability, Function<View, Move> policy, Flaws flaws) {
        this.random = new Random(seed);
        this.durability = durability;
        this.policy = policy;
        this.flaws = flaws;
        for (int i = 0; i <= standbys; i++) {
            members.put(String.valueOf((char) ('a' + i)), new Member());
        }
        succession = Succession.alone(primary, 1);
    }

    /** Lets happen what may; empty if the invariant held at every step, else the story up to where it did not. */
    Optional<String> run(int events) {
        for (int i = 0; i < events; i++) {
            event();
            Optional<List<String>> lacking = worstHeard();
            if (lacking.isPresent()) {
                return Optional.of(
                        "if " + lacking.get() + " are heard, each lacks an acknowledged commit; on record is "
                                + succession + ":\n" + String.join("\n", story));
            }
        }
        return Optional.empty();
    }

    /** The members that are the least advanced of all that could be heard before a promotion, if they lack a commit. */
    private Optional<List<String>> worstHeard() {
        String by = succession.by();
        if (!by.equals(primary) && succession.members().contains(by) && members.get(by).flushed < acknowledged) {
            return Optional.of(List.of(by));
        }
        List<String> others = heardOrder();
        int number = heardNumber();
        return number <= others.size() && number > 0 && members.get(others.get(number - 1)).flushed < acknowledged
                ? Optional.of(others.subList(0, number))
                : Optional.empty();
    }

    /** Those who could be heard, whoever recorded them not counted, the least advanced first. */
    private List<String> heardOrder() {
        return succession.members().stream()
                .filter(member -> !member.equals(succession.by()) && !member.equals(primary))
                .sorted(Comparator.comparingLong(member -> members.get(member).flushed))
                .toList();
    }

    /** How many of them, if the primary of now is lost; its own answer counts no more. */
    private int heardNumber() {
        return flaws.nobodyHeard() ? 1 : succession.toHear();
    }

    private void event() {
        String name = anyStandby();
        Member standby = members.get(name);
        int dice = random.nextInt(100);
        if (dice < 25) {
            commit();
        } else if (dice < 45) {
            stream(name, standby);
        } else if (dice < 52) {
            standby.connected = !standby.connected;
            standby.reported = standby.connected ? Math.min(standby.flushed, standby.reported) : standby.reported;
            tell(name + (standby.connected ? " connects" : " is gone"));
        } else if (dice < 68) {
            takeEffect();
        } else if (dice < 97) {
            move(random.nextInt(8) == 0);
        } else {
            failOver();
        }
    }

    private String anyStandby() {
        List<String> others =
                members.keySet().stream().filter(name -> !name.equals(primary)).toList();
        return others.get(random.nextInt(others.size()));
    }

    private void commit() {
        written += COMMIT;
        waiting.add(written);
        tell("a client commits at " + written);
        acknowledge();
    }

    private void stream(String name, Member standby) {
        if (standby.connected) {
            long missing = (written - standby.flushed) / COMMIT;
            standby.flushed += missing == 0 ? 0 : COMMIT * (1 + random.nextLong(missing));
            if (random.nextBoolean()) {
                standby.reported = standby.flushed;
            }
            tell(name + " has " + standby.flushed + ", reported " + standby.reported);
            acknowledge();
        }
    }

    private void takeEffect() {
        if (!effective.equals(gate)) {
            effective = gate;
            tell("the gate takes effect: " + gate);
            acknowledge();
        }
    }

    private void acknowledge() {
        long upTo = effective.closed()
                ? 0
                : effective.standbys().isEmpty()
                        ? Long.MAX_VALUE
                        : effective.standbys().stream()
                                .filter(name -> !name.equals(primary) && members.get(name).connected)
                                .map(name -> members.get(name).reported)
                                .sorted(Comparator.reverseOrder())
                                .skip(effective.number() - 1L)
                                .findFirst()
                                .orElse(0L);
        while (!waiting.isEmpty() && waiting.peek() <= upTo) {
            acknowledged = Math.max(acknowledged, waiting.remove());
            tell("acknowledged up to " + acknowledged);
        }
    }

    View view() {
        List<Standby> standbys = members.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(primary))
                .map(entry -> new Standby(
                        entry.getKey(),
                        entry.getValue().connected,
                        entry.getValue().connected && gate.standbys().contains(entry.getKey()),
                        new Lsn(entry.getValue().reported),
                        Duration.ZERO))
                .toList();
        return new View(
                durability,
                durability.acknowledgements(members.size()),
                primary,
                timeline,
                succession,
                gate,
                joining,
                standbys,
                new Lsn(written),
                NEARBY,
                Duration.ofSeconds(2),
                Long.MAX_VALUE);
    }

    /** One look and one move, as the agent makes it; without an answer, the agent knows only that it got none. */
    private void move(boolean answerIsLost) {
        if (!flaws.lateRecords()) {
            // Whoever reads the record also settles what was asked before.
            settle(random.nextBoolean());
        } else if (random.nextInt(3) == 0) {
            settle(true);
        }
        execute(policy.apply(view()), answerIsLost);
    }

    private void settle(boolean done) {
        while (!inFlight.isEmpty()) {
            Succession late = inFlight.remove();
            if (done) {
                succession = late;
                tell("recorded, late: " + late);
            }
        }
    }

    private void execute(Move move, boolean answerIsLost) {
        tell("the move: " + move + (answerIsLost ? ", and no answer" : ""));
        if (move instanceof Move.RecordSuccession toRecord) {
            joining = Optional.empty();
            Succession next = new Succession(toRecord.promotable(), toRecord.toHear(), primary, timeline);
            if (answerIsLost) {
                inFlight.add(next);
                return;
            }
            succession = next;
        } else if (move instanceof Move.Apply toApply) {
            joining = Optional.empty();
            gate = toApply.gate();
        } else if (move instanceof Move.Join toJoin) {
            gate = Gate.CLOSED;
            joining = Optional.of(new Joining(toJoin.members(), Optional.empty()));
        } else if (move instanceof Move.Mark toMark) {
            mark(toMark.gate(), answerIsLost);
        }
    }

    private void mark(Gate next, boolean answerIsLost) {
        if (answerIsLost) {
            joining = Optional.empty();
            gate = DurabilityPolicy.fallback(view());
            return;
        }
        if (!flaws.markWithoutProof()) {
            takeEffect();
        }
        joining = Optional.of(new Joining(next.standbys(), Optional.of(new Lsn(written))));
        gate = next;
    }

    /** The primary is gone, with whatever it was about to do; one that may be promoted is. */
    private void failOver() {
        List<String> order = new ArrayList<>(heardOrder());
        int number = heardNumber();
        if (order.size() < number) {
            // It returns, by way of being a standby, or has never been away for long.
            tell("the primary ends and returns");
        } else {
            Collections.shuffle(order, random);
            String next = order.subList(0, number).stream()
                    .max(Comparator.comparingLong(name -> members.get(name).flushed))
                    .orElseThrow();
            Member old = members.get(primary);
            Member promoted = members.get(next);
            tell(next + " takes over from " + primary + " at " + promoted.flushed);
            old.flushed = Math.min(written, promoted.flushed);
            written = promoted.flushed;
            primary = next;
        }
        // Whoever has more than the new primary takes it back before it streams.
        members.values().forEach(member -> {
            member.flushed = Math.min(member.flushed, written);
            member.reported = 0;
            member.connected = false;
        });
        timeline++;
        waiting.clear();
        inFlight.clear();
        gate = Gate.CLOSED;
        effective = Gate.CLOSED;
        joining = Optional.empty();
    }

    /** From here on only what must happen happens: the standbys that are named stream steadily, the others are gone. */
    int movesUntilSettled(Set<String> streaming, int atMost) {
        members.forEach((name, member) -> member.connected = streaming.contains(name) && !name.equals(primary));
        for (int i = 0; i < atMost; i++) {
            settle(true);
            members.values().stream().filter(member -> member.connected).forEach(member -> {
                member.flushed = written;
                member.reported = written;
            });
            takeEffect();
            Move move = policy.apply(view());
            if (move instanceof Move.Rest && joining.isEmpty()) {
                return i;
            }
            execute(move, false);
        }
        return atMost;
    }

    Set<String> members() {
        return members.keySet();
    }

    String primary() {
        return primary;
    }

    Set<String> promotable() {
        return succession.members();
    }

    Gate gate() {
        return gate;
    }

    private void tell(String what) {
        story.add(what);
    }
}
