package io.github.pggauntlet.strategy.arbiter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link Arbiter} that keeps its facts in etcd.
 *
 * <p>Under {@code /pg-gauntlet/<cluster>/} lie {@code primary}, bound to an etcd lease and gone with it, and
 * {@code term}, {@code promotable} and {@code system}, which stay. All changes are transactions guarded by what they rest
 * on.
 *
 * <p>A request whose answer never came may lie in some buffer and reach etcd late. So each record of who may be promoted
 * rests on the one before it; and whoever reads after such a request first writes the record anew as it is, which makes the
 * late one void. Else a primary that has meanwhile gone on alone could find an absent standby on record as promotable.
 *
 * <p>A connection on which a call has failed is given up and made anew for the next call: gRPC by itself waits up to two
 * minutes before it tries a lost connection again, far longer than a lease.
 *
 * <p>It is long because every transaction of the contract is written out with its guards, which must agree with each other.
 */
public final class EtcdArbiter implements Arbiter {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdArbiter.class);

    private final EtcdDoor door;
    private final ByteSequence prefix;
    private final ByteSequence primary;
    private final ByteSequence term;
    private final ByteSequence promotable;
    private final ByteSequence system;
    private final Duration limit;
    private final Object lock = new Object();

    private @Nullable Client client;
    private Runnable listener = () -> {};
    private boolean closed;

    /** Where the record of who may be promoted was last changed, as far as is known. */
    private long promotableRevision;

    /** The lease under which a record was asked for, without an answer. */
    private @Nullable Lease unsettledRecord;

    /** A lease that was asked for, without an answer. */
    private @Nullable Lease unsettledLease;

    /**
     * Without TLS.
     *
     * @param cluster the cluster's name
     * @param endpoints where etcd answers
     * @param limit how long to wait for one answer
     */
    public EtcdArbiter(String cluster, List<Endpoint> endpoints, Duration limit) {
        this(cluster, endpoints, limit, Optional.empty());
    }

    /**
     * @param tls what to prove oneself with, and whom to trust: each etcd must show a certificate that names the host by which
     *     it is reached here; empty to do without TLS
     */
    public EtcdArbiter(String cluster, List<Endpoint> endpoints, Duration limit, Optional<TlsContext> tls) {
        this.door = new EtcdDoor(endpoints, limit, tls);
        this.limit = limit;
        String root = "/pg-gauntlet/" + cluster + "/";
        this.prefix = bytes(root);
        this.primary = bytes(root + "primary");
        this.term = bytes(root + "term");
        this.promotable = bytes(root + "promotable");
        this.system = bytes(root + "system");
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        settle();
        List<KeyValue> facts = await(
                        "read the cluster's facts",
                        etcd -> etcd.getKVClient()
                                .get(prefix, GetOption.builder().isPrefix(true).build()))
                .getKvs();
        knownRevision(revisionOf(facts));
        Optional<String> holder = value(facts, primary).map(text -> text.substring(0, text.indexOf(' ')));
        long revision = facts.stream()
                .filter(fact -> fact.getKey().equals(term) || fact.getKey().equals(promotable))
                .mapToLong(KeyValue::getModRevision)
                .max()
                .orElse(0);
        Optional<String[]> latest = value(facts, term).map(text -> text.split(" ", -1));
        return new ClusterRecord(
                value(facts, system),
                holder,
                latest.map(words -> Long.parseLong(words[0])).orElse(0L),
                latest.map(words -> words[1]),
                value(facts, promotable).map(EtcdArbiter::succession).orElse(Succession.NONE),
                revision);
    }

    @Override
    public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException {
        long id = await("grant a lease", etcd -> etcd.getLeaseClient().grant(duration.toSeconds()))
                .getID();
        Lease lease = new Lease(member, seen.term() + 1, id, duration);
        unsettledLease(lease);
        TxnResponse answer = await(
                "take the lease",
                etcd -> etcd.getKVClient()
                        .txn()
                        .If(
                                new Cmp(primary, Cmp.Op.EQUAL, CmpTarget.version(0)),
                                new Cmp(term, Cmp.Op.LESS, CmpTarget.modRevision(seen.revision() + 1)),
                                new Cmp(promotable, Cmp.Op.LESS, CmpTarget.modRevision(seen.revision() + 1)))
                        .Then(
                                Op.put(
                                        primary,
                                        holderValue(lease),
                                        PutOption.builder().withLeaseId(id).build()),
                                Op.put(term, bytes(lease.term() + " " + member), PutOption.DEFAULT))
                        .commit());
        unsettledLease(null);
        if (answer.isSucceeded()) {
            return Optional.of(lease);
        }
        release(lease);
        return Optional.empty();
    }

    @Override
    public boolean renew(Lease lease) throws InterruptedException {
        try {
            return await("renew the lease", etcd -> etcd.getLeaseClient().keepAliveOnce(lease.id()))
                            .getTTL()
                    > 0;
        } catch (ArbiterException e) {
            if (leaseIsUnknown(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void release(Lease lease) throws InterruptedException {
        try {
            await("release the lease", etcd -> etcd.getLeaseClient().revoke(lease.id()));
        } catch (ArbiterException e) {
            if (!leaseIsUnknown(e)) {
                throw e;
            }
        }
    }

    @Override
    public boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException {
        settle();
        long before = knownRevision();
        unsettledRecord(lease);
        TxnResponse answer = await(
                "record who may be promoted",
                etcd -> etcd.getKVClient()
                        .txn()
                        .If(heldBy(lease), new Cmp(promotable, Cmp.Op.EQUAL, CmpTarget.modRevision(before)))
                        .Then(Op.put(promotable, bytes(text(succession)), PutOption.DEFAULT))
                        .Else(Op.get(promotable, GetOption.DEFAULT))
                        .commit());
        unsettledRecord(null);
        if (answer.isSucceeded()) {
            knownRevision(answer.getHeader().getRevision());
            return true;
        }
        long now = revisionOf(answer.getGetResponses().get(0).getKvs());
        knownRevision(now);
        // This object may not have read before; the lease is what counts.
        return now != before && recordSuccession(lease, succession);
    }

    @Override
    public boolean recordSystem(Lease lease, String systemIdentifier) throws InterruptedException {
        settle();
        unsettledRecord(lease);
        TxnResponse answer = await(
                "record the cluster's identity",
                etcd -> etcd.getKVClient()
                        .txn()
                        .If(heldBy(lease), new Cmp(system, Cmp.Op.EQUAL, CmpTarget.version(0)))
                        .Then(
                                Op.put(system, bytes(systemIdentifier), PutOption.DEFAULT),
                                Op.put(promotable, bytes(text(Succession.alone(lease.member(), 1))), PutOption.DEFAULT))
                        .commit());
        unsettledRecord(null);
        if (answer.isSucceeded()) {
            knownRevision(answer.getHeader().getRevision());
        }
        return answer.isSucceeded();
    }

    /** Makes void what was asked for and never answered. */
    private void settle() throws InterruptedException {
        Lease orphan;
        Lease asked;
        synchronized (lock) {
            orphan = unsettledLease;
            asked = unsettledRecord;
        }
        if (orphan != null) {
            // Without its lease the request fails, and if it was done the key goes with the lease.
            release(orphan);
            unsettledLease(null);
        }
        if (asked != null) {
            writeAnew(asked);
            unsettledRecord(null);
        }
    }

    private void writeAnew(Lease lease) throws InterruptedException {
        while (true) {
            List<KeyValue> facts = await(
                            "read who may be promoted",
                            etcd -> etcd.getKVClient().get(promotable))
                    .getKvs();
            String current = value(facts, promotable).orElse("");
            TxnResponse answer = await(
                    "settle who may be promoted",
                    etcd -> etcd.getKVClient()
                            .txn()
                            .If(
                                    heldBy(lease),
                                    new Cmp(promotable, Cmp.Op.EQUAL, CmpTarget.modRevision(revisionOf(facts))))
                            .Then(Op.put(promotable, bytes(current), PutOption.DEFAULT))
                            .Else(Op.get(primary, GetOption.DEFAULT))
                            .commit());
            // Once another term has begun, or this one has ended, nothing of it can be done any more.
            if (answer.isSucceeded()
                    || !value(answer.getGetResponses().get(0).getKvs(), primary)
                            .equals(Optional.of(holderText(lease)))) {
                return;
            }
        }
    }

    private long knownRevision() {
        synchronized (lock) {
            return promotableRevision;
        }
    }

    private void knownRevision(long revision) {
        synchronized (lock) {
            promotableRevision = Math.max(promotableRevision, revision);
        }
    }

    private void unsettledRecord(@Nullable Lease lease) {
        synchronized (lock) {
            unsettledRecord = lease;
        }
    }

    private void unsettledLease(@Nullable Lease lease) {
        synchronized (lock) {
            unsettledLease = lease;
        }
    }

    private long revisionOf(List<KeyValue> facts) {
        return facts.stream()
                .filter(fact -> fact.getKey().equals(promotable))
                .mapToLong(KeyValue::getModRevision)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void onChange(Runnable newListener) {
        synchronized (lock) {
            listener = newListener;
            if (client != null) {
                watch(client);
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            discard(client);
            client = null;
        }
    }

    private void watch(Client etcd) {
        Runnable current = listener;
        etcd.getWatchClient()
                .watch(
                        primary,
                        Watch.listener(
                                response -> current.run(),
                                // The next call finds the connection lost and makes a new one, with a new watch.
                                error -> LOG.debug("The watch on the lease has ended.", error)));
    }

    private Client client() {
        synchronized (lock) {
            if (closed) {
                throw new ArbiterException(
                        "The connection to etcd has been closed.", new IllegalStateException("closed"));
            }
            Client current = client;
            if (current == null) {
                current = door.open();
                client = current;
                watch(current);
            }
            return current;
        }
    }

    private void giveUp(Client failed) {
        synchronized (lock) {
            if (client == failed) {
                client = null;
            }
        }
        discard(failed);
    }

    private static void discard(@Nullable Client etcd) {
        if (etcd != null) {
            // Closing waits for the transport; nobody else should.
            Thread closer = new Thread(etcd::close, "etcd-close");
            closer.setDaemon(true);
            closer.start();
        }
    }

    private <T> T await(String what, java.util.function.Function<Client, CompletableFuture<T>> call)
            throws InterruptedException {
        Client etcd = client();
        try {
            return call.apply(etcd).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            // Another thread has given the connection up while this one was about to use it.
            giveUp(etcd);
            throw new ArbiterException("etcd at " + door + " did not " + what + ": " + e, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            ArbiterException failure =
                    new ArbiterException("etcd at " + door + " did not " + what + ": " + cause.getMessage(), cause);
            if (!leaseIsUnknown(failure)) {
                giveUp(etcd);
            }
            throw failure;
        } catch (TimeoutException e) {
            giveUp(etcd);
            throw new ArbiterException(
                    "etcd at " + door + " did not " + what + " within " + limit.toMillis() + " ms.", e);
        }
    }

    private static boolean leaseIsUnknown(ArbiterException failure) {
        String message = failure.getMessage();
        return message != null && message.contains("lease not found");
    }

    private Cmp heldBy(Lease lease) {
        return new Cmp(primary, Cmp.Op.EQUAL, CmpTarget.value(holderValue(lease)));
    }

    private static ByteSequence holderValue(Lease lease) {
        return bytes(holderText(lease));
    }

    private static String holderText(Lease lease) {
        return lease.member() + " " + lease.term();
    }

    private static Optional<String> value(List<KeyValue> facts, ByteSequence key) {
        return facts.stream()
                .filter(fact -> fact.getKey().equals(key))
                .map(fact -> fact.getValue().toString(UTF_8))
                .findFirst();
    }

    private static String text(Succession succession) {
        return String.join(
                " ",
                String.join(",", new TreeSet<>(succession.members())),
                Integer.toString(succession.toHear()),
                succession.by(),
                Integer.toString(succession.timeline()));
    }

    private static Succession succession(String text) {
        String[] words = text.split(" ", -1);
        return new Succession(
                Set.of(words[0].split(",", -1)), Integer.parseInt(words[1]), words[2], Integer.parseInt(words[3]));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
