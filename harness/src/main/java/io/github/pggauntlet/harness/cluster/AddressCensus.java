package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all the time who has the virtual address, in two ways. A container that is neither a member nor a client sends ARP
 * requests for it and prints whose answers come: all who answer are seen, also if they are several. And each machine is asked
 * what is on its own interfaces ({@link AddressHolders}).
 */
public final class AddressCensus {

    /** Four times a second an ARP request that everybody answers who has the address; each is given two tries and a second. */
    static final List<String> COMMAND = List.of(
            "/usr/bin/tini",
            "--",
            "/bin/sh",
            "-c",
            "while :; do stdbuf -oL arping -b -c 2 -w 1 -I eth0 \"$1\" & sleep 0.25; done",
            "census");

    private static final Logger log = LoggerFactory.getLogger(AddressCensus.class);
    private static final long PERIOD_MILLIS = 500;
    private static final Pattern ANSWER = Pattern.compile("\\[([0-9A-Fa-f:]{17})]");

    private final Engine engine;
    private final ContainerHost census;
    private final String virtual;
    private final Map<String, Machine> machines;
    private final Map<String, String> memberOf = new HashMap<>();

    /**
     * @param census the container that sends the requests
     * @param virtual the virtual address
     * @param machines the members' machines
     */
    AddressCensus(Engine engine, ContainerHost census, String virtual, Map<String, Machine> machines) {
        this.engine = engine;
        this.census = census;
        this.virtual = virtual;
        this.machines = machines;
    }

    /** Ends a count. */
    @FunctionalInterface
    public interface Count extends AutoCloseable {
        @Override
        void close();
    }

    /** Is told twice a second what was seen since it was told last. */
    public interface Sink {

        /**
         * Asked from outside.
         *
         * @param owners the members that have answered; a stranger by its hardware address
         */
        void answered(Set<String> owners);

        /**
         * Asked on the machines themselves.
         *
         * @param holders the members that had it on an interface
         * @param silent the members that said nothing
         */
        void held(Set<String> holders, Set<String> silent);
    }

    /** Counts from now on. */
    public Count begin(Sink sink) {
        ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
        ResultCallback.Adapter<Frame> frames = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Frame frame) {
                Matcher answer = ANSWER.matcher(new String(frame.getPayload(), StandardCharsets.UTF_8));
                while (answer.find()) {
                    heard.add(answer.group(1).toLowerCase(Locale.ROOT));
                }
            }
        };
        engine.docker()
                .logContainerCmd(census.containerId())
                .withStdOut(true)
                .withFollowStream(true)
                .withTail(0)
                .exec(frames);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "address-census");
            thread.setDaemon(true);
            return thread;
        });
        AddressHolders holders = new AddressHolders(engine, virtual, machines.values());
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(
                () -> {
                    tell(heard, sink);
                    AddressHolders.Said said = holders.said();
                    sink.held(said.holders(), said.silent());
                },
                PERIOD_MILLIS,
                PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
        return () -> {
            clock.shutdownNow();
            holders.close();
            try {
                frames.close();
            } catch (IOException e) {
                log.debug("The census's output could not be let go of", e);
            }
        };
    }

    private void tell(ConcurrentLinkedQueue<String> heard, Sink sink) {
        Set<String> owners = new TreeSet<>();
        for (String address = heard.poll(); address != null; address = heard.poll()) {
            owners.add(member(address));
        }
        sink.answered(owners);
    }

    private String member(String address) {
        String known = memberOf.get(address);
        if (known == null) {
            learn();
            known = memberOf.getOrDefault(address, address);
        }
        return known;
    }

    /** A machine has another hardware address after a restart. */
    private void learn() {
        for (Machine machine : machines.values()) {
            try {
                machine.container().inspect().getNetworkSettings().getNetworks().values().stream()
                        .map(ContainerNetwork::getMacAddress)
                        .flatMap(address -> Optional.ofNullable(address).filter(one -> !one.isBlank()).stream())
                        .forEach(address -> memberOf.put(address.toLowerCase(Locale.ROOT), machine.name()));
            } catch (HostException e) {
                log.debug("The hardware address of {} is not to be had", machine.name(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
