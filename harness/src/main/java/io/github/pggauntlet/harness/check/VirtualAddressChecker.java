package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunEvent.AddressSample;
import io.github.pggauntlet.harness.history.RunEvent.AddressTime;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Do two members ever answer for the virtual address at the same time? Judged by the census: ARP requests from outside.
 *
 * <p>A sample holds everybody who has answered since the one before, so one that falls on a hand-over may name both, and so
 * may the next, since an answer may be late. Two owners are proven by samples that go on naming both for longer than
 * {@value #HAND_OVER_MILLIS} ms. Where a fault was made for which two writers are not excluded, neither are two owners.
 *
 * <p>Beside that it tells how long after a fault another member first answered, and what the protocol's arithmetic says.
 *
 * <p>Source: S70 and B32 of the field, two masters of one address while advertisements are lost.
 */
public final class VirtualAddressChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "virtual-address";

    private static final long HAND_OVER_MILLIS = 1500;
    private static final long MILLI = 1_000_000L;
    private static final Set<FaultClass> DEATHS =
            Set.of(FaultClass.POSTMASTER_CRASH, FaultClass.HOST_CRASH, FaultClass.CLEAN_STOP);

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return run.events(AddressSample.class).findAny().isPresent();
    }

    @Override
    public Result check(RunRecord run) {
        List<AddressSample> samples = run.events(AddressSample.class).toList();
        if (samples.stream().allMatch(sample -> sample.owners().isEmpty())) {
            return Result.of(Finding.of(PROMISE, Ruling.VACUOUS, "Nobody ever answered for the virtual address."));
        }
        List<Evidence> shared = shared(samples);
        String times = String.join("", takeovers(run, samples));
        if (shared.isEmpty()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.KEPT,
                    "Never more than one member answered for the virtual address, in "
                            + Text.count(samples.size(), "sample", "samples") + "." + times));
        }
        boolean excluded = run.promisesUnderTest().stream()
                        .mapToInt(Promise::writers)
                        .max()
                        .orElse(1)
                < 2;
        return Result.of(new Finding(
                PROMISE,
                excluded ? Ruling.BROKEN : Ruling.KEPT,
                "Two members answered for the virtual address at the same time"
                        + (excluded ? "." : "; the strategy does not exclude that.") + times,
                shared));
    }

    /** The stretches in which samples go on naming several owners for too long. O(n). */
    private static List<Evidence> shared(List<AddressSample> samples) {
        List<Evidence> stretches = new ArrayList<>();
        Optional<AddressSample> first = Optional.empty();
        Optional<AddressSample> last = Optional.empty();
        for (AddressSample sample : samples) {
            if (sample.owners().size() > 1) {
                first = first.or(() -> Optional.of(sample));
                last = Optional.of(sample);
            } else {
                stretch(first, last).ifPresent(stretches::add);
                first = Optional.empty();
            }
        }
        stretch(first, last).ifPresent(stretches::add);
        return stretches;
    }

    private static Optional<Evidence> stretch(Optional<AddressSample> first, Optional<AddressSample> last) {
        if (first.isEmpty() || last.isEmpty() || last.get().at() - first.get().at() < HAND_OVER_MILLIS * MILLI) {
            return Optional.empty();
        }
        return Optional.of(Evidence.of(String.join(" and ", last.get().owners())
                + " both answered from " + Text.seconds(first.get().at()) + " to "
                + Text.seconds(last.get().at()) + "."));
    }

    /** For each death of an owner, when another member first answered, and when by the arithmetic it should have. */
    private static List<String> takeovers(RunRecord run, List<AddressSample> samples) {
        List<AddressTime> arithmetic = run.events(RunEvent.AddressTime.class).toList();
        List<String> told = new ArrayList<>();
        List<FaultMade> faults = run.faults();
        for (int i = 0; i < faults.size(); i++) {
            FaultMade fault = faults.get(i);
            long until = i + 1 < faults.size() ? faults.get(i + 1).at() : run.examinationStart();
            if (DEATHS.contains(fault.faultClass())) {
                samples.stream()
                        .filter(sample -> sample.at() > fault.at() && sample.at() < until)
                        .filter(sample ->
                                sample.owners().size() == 1 && !sample.owners().contains(fault.resolved()))
                        .findFirst()
                        .ifPresent(sample -> told.add(takeover(fault, sample, arithmetic)));
            }
        }
        return told;
    }

    private static String takeover(FaultMade fault, AddressSample sample, List<AddressTime> arithmetic) {
        String owner = sample.owners().get(0);
        return " After " + fault.id() + " " + owner + " answered within "
                + Text.seconds(sample.at() - fault.at())
                + arithmetic.stream()
                        .filter(time -> time.member().equals(owner))
                        .findFirst()
                        .map(time -> " (master after " + Text.seconds(time.soonest()) + " to "
                                + Text.seconds(time.latest()) + " by the arithmetic)")
                        .orElse("")
                + ".";
    }
}
