package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.PeerAnswers;
import io.github.pggauntlet.strategy.streaming.PeerQuestions;
import io.github.pggauntlet.strategy.ucarp.PromotionRight.Decision;
import io.github.pggauntlet.strategy.ucarp.PromotionRight.Peer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * An arbiter that is nothing but the address and what two machines tell each other: whoever is master of the address, and
 * {@linkplain PromotionRight may be promoted}, has the lease, for as long as it is master.
 *
 * <p>What a third party would keep, each machine keeps in its {@link Ledger}, and they keep each other up to date. The
 * primary tells the standby that it may be promoted, and before it goes on without the standby it has the standby take note
 * of that. Where the other machine does not answer, it must be {@linkplain PeerDeath proven dead}, by a fence device; without
 * one it is taken for dead when it has been silent for a time: that is right under crashes and wrong under a cut link, and no
 * protocol between two machines can do better.
 *
 * <p>It is long because what the two have told each other and whose turn it is are one state, under one lock.
 */
final class AddressArbiter implements Arbiter, PeerAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(AddressArbiter.class);

    /** For how long a master that may not be promoted waits for that to change before it lets the other machine try. */
    private static final Duration USELESS = Duration.ofSeconds(3);

    /** What part of a lease may have passed when it is given: it counts from the moment when it was asked for. */
    private static final int SHARE_FOR_THE_PROOF = 3;

    /** What arbiters say to each other. */
    enum Kind {
        /** Wants to know the other's ledger. */
        ASK,
        /** Wants to begin the term that the ledger names. */
        CLAIM,
        /** The primary says who may be promoted. */
        TELL,
        /** Answers. */
        ANSWER
    }

    /**
     * A question or an answer.
     *
     * @param kind which
     * @param ledger the sender's ledger; in an answer as it was before the question
     * @param holding whether the sender is primary
     * @param agreed in an answer: whether what was asked for is agreed to
     * @param word which of this term's words it is, counted from 1; 0 if it is none
     */
    record Message(Kind kind, Ledger ledger, boolean holding, boolean agreed, long word) {

        Message(Kind kind, Ledger ledger, boolean holding, boolean agreed) {
            this(kind, ledger, holding, agreed, 0);
        }
    }

    private record Held(Lease lease, String turn) {}

    /**
     * What the arbiter is made for.
     *
     * @param self the machine's own name
     * @param other the other machine's name
     * @param preferred whether this machine goes first if both want to at the same moment
     * @param patience for how long the standby may be silent before the primary goes on without it
     * @param heartbeat whether the primary listens for its standby with each renewal, so that it knows of a silence as soon
     *     as the standby does
     */
    record Place(String self, String other, boolean preferred, Duration patience, boolean heartbeat) {}

    private final Place place;
    private final AddressTurn turns;
    private final LedgerFile file;
    private final PeerQuestions questions;
    private final BooleanSupplier running;
    private final PeerDeath death;
    private final LongSupplier nanos;
    private final JsonMapper json;
    private final TurnWatch watch;
    private final Object lock = new Object();

    private Ledger ledger;
    private boolean vouched;
    private @Nullable Held held;
    private @Nullable String spentTurn;
    private long claimed;

    /** Whether the other machine may believe, by this term's word, that it may be promoted. */
    private boolean told;

    /** Whether it has yet to confirm that. */
    private boolean unconfirmed;

    /**
     * Held by whoever gives the other machine word of who may be promoted, from the moment at which it knows what to say. A
     * reminder of what was said before must not overtake, or come after, the word that takes it back.
     */
    private final ReentrantLock words = new ReentrantLock();

    /** How many words were given. */
    private long said;

    /** The latest word that was heard, and of which term it was: one that comes after it, and was given before, is void. */
    private long heard;

    private long heardOf;

    private @Nullable Long uselessSince;

    AddressArbiter(
            Place place,
            AddressTurn turns,
            LedgerFile file,
            PeerQuestions questions,
            BooleanSupplier running,
            PeerDeath death,
            LongSupplier nanos,
            JsonMapper json) {
        this.place = place;
        this.turns = turns;
        this.file = file;
        this.questions = questions;
        this.running = running;
        this.death = death;
        this.nanos = nanos;
        this.json = json;
        this.ledger = file.read();
        this.watch = new TurnWatch(turns);
    }

    /** The present turn as master, unless it has been given away. */
    private Optional<String> turn() {
        Optional<String> current = turns.current();
        synchronized (lock) {
            return current.filter(now -> !now.equals(spentTurn));
        }
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        Optional<String> turn = turn();
        synchronized (lock) {
            if (held != null && turn.filter(held.turn()::equals).isPresent()) {
                return record(Optional.of(place.self()), ledger.succession());
            }
        }
        Optional<Message> answer = ask(Kind.ASK);
        synchronized (lock) {
            Decision right = decide(answer);
            answer.ifPresent(this::adopt);
            if (answer.filter(Message::holding).isPresent()) {
                turns.taken();
            }
            if (answer.filter(Message::holding).isPresent() || (turn.isEmpty() && !standsBy(answer))) {
                giveUpUseless(turn, right);
                // Of two machines, where this one is not master the other one is; or will be, or this one.
                return record(Optional.of(place.other()), ledger.succession());
            }
            giveUpUseless(right.may() ? Optional.empty() : turn, right);
            return record(Optional.empty(), right.may() ? ledger.succession() : withoutSelf());
        }
    }

    /**
     * Whether a machine that is not master has to stand still until there is a primary. A standby must not stream from a
     * machine that may yet be chosen, or neither ever is. A primary that has ended waits for another one to follow, unless
     * nobody but it can be primary.
     */
    private boolean standsBy(Optional<Message> answer) {
        boolean last = ledger.primary() && ledger.promotable().equals(Set.of(place.self()));
        return answer.isPresent() && (running.getAsBoolean() || last);
    }

    private Succession withoutSelf() {
        Succession said = ledger.succession();
        Set<String> others = new HashSet<>(said.members());
        others.remove(place.self());
        return new Succession(others, said.toHear(), said.by(), said.timeline());
    }

    private ClusterRecord record(Optional<String> holder, Succession succession) {
        return new ClusterRecord(ledger.system(), holder, ledger.term(), ledger.elected(), succession, ledger.term());
    }

    /** A master that may not be promoted keeps the address from where it is needed. */
    private void giveUpUseless(Optional<String> turn, Decision right) {
        if (turn.isEmpty()) {
            uselessSince = null;
            return;
        }
        long now = nanos.getAsLong();
        if (uselessSince == null) {
            uselessSince = now;
            LOG.info("Master of the address, but not to be promoted: {}", right.why());
        } else if (now - uselessSince > USELESS.toNanos()) {
            uselessSince = null;
            spentTurn = turn.get();
            turns.giveAway("it may not be promoted: " + right.why());
        }
    }

    private Decision decide(Optional<Message> answer) {
        return PromotionRight.decide(new PromotionRight.View(
                place.self(), ledger, vouched, answer.map(message -> new Peer(message.ledger(), message.holding()))));
    }

    /** Takes over what the other machine knows better. */
    private void adopt(Message message) {
        Ledger theirs = message.ledger();
        if (theirs.term() > ledger.term()) {
            vouched = false;
            note(new Ledger(
                    theirs.system().or(ledger::system), theirs.term(), theirs.elected(), false, theirs.succession()));
        } else if (isWordOfThisTerm(theirs)) {
            note(new Ledger(
                    theirs.system().or(ledger::system), theirs.term(), theirs.elected(), false, theirs.succession()));
        } else if (theirs.system().isPresent() && ledger.system().isEmpty()) {
            note(ledger.withSystem(theirs.system().get(), theirs.succession()));
        }
    }

    /**
     * Whether this is what the primary of this machine's own term has on record, of which this machine has not heard. The word
     * may have been lost, as it is when this machine was booting. The primary has it on record that somebody may be promoted
     * before it says so, and takes that back only when the other machine has taken note: its record is never ahead of the
     * truth. Only what lets this machine be promoted is taken over so, and it vouches for nothing: an answer may be older than the
     * last word that was heard.
     */
    private boolean isWordOfThisTerm(Ledger theirs) {
        return theirs.term() == ledger.term()
                && theirs.primary()
                && !ledger.primary()
                && !ledger.promotable().contains(place.self())
                && theirs.promotable().contains(place.self());
    }

    private void note(Ledger now) {
        file.write(now);
        ledger = now;
    }

    @Override
    public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException {
        Optional<String> turn = turn();
        long begun = nanos.getAsLong();
        long term;
        Ledger claim;
        synchronized (lock) {
            if (turn.isEmpty() || held != null || seen.term() != ledger.term()) {
                return Optional.empty();
            }
            term = ledger.term() + 1;
            claimed = term;
            claim = ledger.begin(term, place.self(), true);
        }
        Optional<Message> answer = ask(new Message(Kind.CLAIM, claim, false, false));
        if (answer.isEmpty() && !mayGoOnBeside(begun, duration)) {
            synchronized (lock) {
                claimed = 0;
            }
            return Optional.empty();
        }
        synchronized (lock) {
            boolean mine = claimed == term;
            claimed = 0;
            Decision right = decide(answer);
            if (!mine || answer.filter(message -> !message.agreed()).isPresent() || !right.may()) {
                LOG.info("The term {} was not begun: {}", term, right.why());
                answer.ifPresent(this::adopt);
                return Optional.empty();
            }
            if (!turn.equals(turn())) {
                return Optional.empty();
            }
            LOG.info("Term {} begins: {}", term, right.why());
            note(claim);
            vouched = false;
            told = false;
            unconfirmed = false;
            Lease lease = new Lease(member, term, term, duration);
            held = new Held(lease, turn.get());
            return Optional.of(lease);
        }
    }

    /**
     * Whether a term may begin beside a machine that does not answer: it is dead, or cannot do any harm. A lease counts from
     * the moment when it was asked for: if the proof took its time, it is there when the lease is asked for the next time.
     */
    private boolean mayGoOnBeside(long begun, Duration duration) throws InterruptedException {
        Decision right;
        synchronized (lock) {
            right = decide(Optional.empty());
        }
        if (!right.may() || !right.onDeath()) {
            return true;
        }
        return death.provenToChallenger()
                && nanos.getAsLong() - begun
                        <= duration.dividedBy(SHARE_FOR_THE_PROOF).toNanos();
    }

    @Override
    public boolean renew(Lease lease) throws InterruptedException {
        boolean remind;
        boolean listen;
        synchronized (lock) {
            if (!holds(lease)) {
                held = null;
                return false;
            }
            remind = unconfirmed;
            listen = place.heartbeat() && told;
        }
        if (remind) {
            remind(lease);
        } else if (listen) {
            // Only a question: it changes nothing that the other machine may believe.
            ask(Kind.ASK);
        }
        return true;
    }

    /** Says again what the other machine has yet to confirm, unless word is being given anyway. */
    private void remind(Lease lease) throws InterruptedException {
        if (words.tryLock()) {
            try {
                tell(lease, ledger().succession());
            } finally {
                words.unlock();
            }
        }
    }

    private boolean holds(Lease lease) {
        return held != null
                && held.lease().equals(lease)
                && turn().filter(held.turn()::equals).isPresent();
    }

    private Ledger ledger() {
        synchronized (lock) {
            return ledger;
        }
    }

    @Override
    public void release(Lease lease) {
        synchronized (lock) {
            if (held == null || !held.lease().equals(lease)) {
                return;
            }
            String turn = held.turn();
            held = null;
            // Where nobody else may be promoted there is nobody to give it to.
            if (!ledger.promotable().equals(Set.of(place.self()))) {
                spentTurn = turn;
                turns.giveAway("PostgreSQL has ended, or its role was given up");
            }
        }
    }

    @Override
    public boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException {
        words.lockInterruptibly();
        try {
            return giveWord(lease, succession);
        } finally {
            words.unlock();
        }
    }

    private boolean giveWord(Lease lease, Succession succession) throws InterruptedException {
        boolean joins = succession.members().contains(place.other());
        boolean mustHear;
        synchronized (lock) {
            if (!holds(lease)) {
                return false;
            }
            if (joins) {
                note(ledger.with(succession));
                told = true;
                unconfirmed = true;
            }
            mustHear = told;
        }
        if (mustHear && !tell(lease, succession) && !joins) {
            return false;
        }
        synchronized (lock) {
            if (!holds(lease)) {
                return false;
            }
            if (!joins) {
                note(ledger.with(succession));
                told = false;
                unconfirmed = false;
            }
            return true;
        }
    }

    /**
     * Tells the other machine who may be promoted.
     *
     * @return whether it has taken note, or is dead; {@code false} if it knows better
     * @throws HaException if it may still answer, or is not proven dead
     */
    private boolean tell(Lease lease, Succession succession) throws InterruptedException {
        Message word;
        synchronized (lock) {
            word = new Message(Kind.TELL, ledger.with(succession), true, false, ++said);
        }
        Optional<Message> answer = ask(word);
        synchronized (lock) {
            if (answer.isPresent()) {
                if (answer.get().agreed()) {
                    unconfirmed = false;
                    return true;
                }
                LOG.warn(
                        "{} is in term {}: term {} is over.",
                        place.other(),
                        answer.get().ledger().term(),
                        lease.term());
                held = null;
                return false;
            }
            if (succession.members().contains(place.other()) || !holds(lease)) {
                return false;
            }
        }
        if (!death.provenToHolder(place.patience())) {
            throw new HaException(place.other() + " has not taken note yet that commits shall not wait for it"
                    + " any more, and is not known to be dead; it is given "
                    + place.patience().toMillis() + " ms, and has been silent for "
                    + death.silence().toMillis() + " ms.");
        }
        LOG.warn(
                "Goes on without {}, which has been silent for {} ms.",
                place.other(),
                death.silence().toMillis());
        return true;
    }

    @Override
    public boolean recordSystem(Lease lease, String systemIdentifier) {
        synchronized (lock) {
            if (!holds(lease) || ledger.system().isPresent()) {
                return false;
            }
            note(ledger.withSystem(systemIdentifier, Succession.alone(place.self(), 1)));
            return true;
        }
    }

    private Optional<Message> ask(Kind kind) throws InterruptedException {
        return ask(new Message(kind, ledger(), false, false));
    }

    private Optional<Message> ask(Message question) throws InterruptedException {
        Optional<Message> understood = questions
                .ask(place.other(), json.writeValueAsString(question))
                .flatMap(answer -> {
                    try {
                        return Optional.of(json.readValue(answer, Message.class));
                    } catch (JacksonException e) {
                        LOG.warn("{} has answered something that makes no sense: {}", place.other(), e.getMessage());
                        return Optional.empty();
                    }
                });
        understood.ifPresentOrElse(answer -> death.answered(), death::unanswered);
        return understood;
    }

    @Override
    public String answer(String question) {
        Message asked;
        try {
            asked = json.readValue(question, Message.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("That is not a question of an arbiter.", e);
        }
        death.heard();
        synchronized (lock) {
            Ledger before = ledger;
            if (asked.kind() == Kind.ASK) {
                endBefore(asked.ledger());
            }
            boolean holding = held != null && holds(held.lease());
            boolean agreed = switch (asked.kind()) {
                case ASK -> true;
                case CLAIM -> agreeToClaim(asked.ledger(), holding);
                case TELL -> agreeToWord(asked.ledger(), asked.word());
                case ANSWER -> throw new IllegalArgumentException("An answer is no question.");
            };
            return json.writeValueAsString(new Message(Kind.ANSWER, before, holding, agreed));
        }
    }

    /** Where the other machine has begun a later term, of which this one could not hear, this one's is over. */
    private void endBefore(Ledger theirs) {
        if (held != null && theirs.term() > ledger.term()) {
            LOG.warn("{} is in term {}: term {} is over.", place.other(), theirs.term(), ledger.term());
            held = null;
        }
    }

    /** The other machine wants to begin a term. */
    private boolean agreeToClaim(Ledger theirs, boolean holding) {
        boolean mineFirst = claimed >= theirs.term() && place.preferred();
        if (holding || mineFirst || theirs.term() <= ledger.term()) {
            return false;
        }
        claimed = 0;
        vouched = false;
        note(ledger.begin(theirs.term(), place.other(), false));
        return true;
    }

    /** The other machine, the primary, says who may be promoted. */
    private boolean agreeToWord(Ledger theirs, long word) {
        if (theirs.term() < ledger.term() || (theirs.term() == ledger.term() && ledger.primary())) {
            return false;
        }
        if (theirs.term() == heardOf && word < heard) {
            LOG.info("A word of {} that comes late is void: it has taken it back since.", place.other());
            return false;
        }
        heardOf = theirs.term();
        heard = word;
        held = null;
        claimed = 0;
        vouched = theirs.promotable().contains(place.self());
        note(theirs.takenOver());
        return true;
    }

    @Override
    public void onChange(Runnable listener) {
        watch.start(listener);
    }

    @Override
    public void close() {
        watch.close();
    }

    @Override
    public String toString() {
        return "the address, as " + Objects.toString(place.self());
    }
}
