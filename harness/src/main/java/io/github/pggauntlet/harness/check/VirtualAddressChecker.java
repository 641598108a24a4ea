package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.RunEvent.AddressHeld;
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
 * Do two members ever have the virtual address at the same time? Judged by two censuses: ARP requests from outside, which show
 * whom clients would reach, and what each machine says of its own interfaces, which shows an owner nobody hears.
 *
 * <p>A sample holds everybody who has answered, or had it, since the one before, so one that falls on a hand-over may name
 * both, and so may the next, since an answer may be late. Two owners are proven by samples of one census that go on naming both
 * for longer than {@value #HAND_OVER_MILLIS} ms. Where a fault was made for which two writers are not excluded, neither are two
 * owners.
 *
 * <p>Beside that it tells how long after a death another member first had the address, what the protocol's arithmetic says, and
 * whether the two agree to within one advertisement. Its soonest moment lies one interval of the dead member before the time
 * that the other one waits, and its latest one interval of its own after: half of what lies between is taken for an
 * advertisement. That is told and not judged: it hangs on how fast the computer is.
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
        return run.events(AddressSample.class).findAny().isPresent()
                || run.events(AddressHeld.class).findAny().isPresent();
    }

    /** Who was seen with the address at a moment. */
    private record Sighting(long at, List<String> owners) {}

    @Override
    public Result check(RunRecord run) {
        List<Sighting> answers = run.events(AddressSample.class)
                .map(sample -> new Sighting(sample.at(), sample.owners()))
                .toList();
        List<Sighting> interfaces = run.events(AddressHeld.class)
                .map(sample -> new Sighting(sample.at(), sample.holders()))
                .toList();
        if (answers.stream().allMatch(sample -> sample.owners().isEmpty())) {
            return Result.of(Finding.of(PROMISE, Ruling.VACUOUS, "Nobody ever answered for the virtual address."));
        }
        List<Evidence> shared = new ArrayList<>(shared(answers, "both answered"));
        shared.addAll(shared(interfaces, "both had it on an interface"));
        List<Sighting> seen = interfaces.isEmpty() ? answers : interfaces;
        String times = String.join("", takeovers(run, seen));
        if (shared.isEmpty()) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.KEPT,
                    "Never more than one member had the virtual address, in "
                            + Text.count(answers.size(), "sample", "samples") + " from outside and "
                            + interfaces.size() + " on the machines." + times));
        }
        boolean excluded = run.promisesUnderTest().stream()
                        .mapToInt(Promise::writers)
                        .max()
                        .orElse(1)
                < 2;
        return Result.of(new Finding(
                PROMISE,
                excluded ? Ruling.BROKEN : Ruling.KEPT,
                "Two members had the virtual address at the same time"
                        + (excluded ? "." : "; the strategy does not exclude that.") + times,
                shared));
    }

    /** The stretches in which samples go on naming several owners for too long. O(n). */
    private static List<Evidence> shared(List<Sighting> samples, String what) {
        List<Evidence> stretches = new ArrayList<>();
        Optional<Sighting> first = Optional.empty();
        Optional<Sighting> last = Optional.empty();
        for (Sighting sample : samples) {
            if (sample.owners().size() > 1) {
                first = first.or(() -> Optional.of(sample));
                last = Optional.of(sample);
            } else {
                stretch(first, last, what).ifPresent(stretches::add);
                first = Optional.empty();
            }
        }
        stretch(first, last, what).ifPresent(stretches::add);
        return stretches;
    }

    private static Optional<Evidence> stretch(Optional<Sighting> first, Optional<Sighting> last, String what) {
        if (first.isEmpty() || last.isEmpty() || last.get().at() - first.get().at() < HAND_OVER_MILLIS * MILLI) {
            return Optional.empty();
        }
        return Optional.of(Evidence.of(String.join(" and ", last.get().owners()) + " " + what + " from "
                + Text.seconds(first.get().at()) + " to "
                + Text.seconds(last.get().at()) + "."));
    }

    /** For each death of an owner, when another member first had it, and when by the arithmetic it should have. */
    private static List<String> takeovers(RunRecord run, List<Sighting> samples) {
        List<AddressTime> arithmetic = run.events(AddressTime.class).toList();
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

    private static String takeover(FaultMade fault, Sighting sample, List<AddressTime> arithmetic) {
        String owner = sample.owners().get(0);
        long took = sample.at() - fault.at();
        return " After " + fault.id() + " " + owner + " had it within " + Text.seconds(took)
                + arithmetic.stream()
                        .filter(time -> time.member().equals(owner))
                        .findFirst()
                        .map(time -> " (master after " + Text.seconds(time.soonest()) + " to "
                                + Text.seconds(time.latest()) + " by the arithmetic, " + agreement(took, time) + ")")
                        .orElse("")
                + ".";
    }

    private static String agreement(long took, AddressTime time) {
        long advertisement = (time.latest() - time.soonest()) / 2;
        long off = took < time.soonest() ? time.soonest() - took : Math.max(0, took - time.latest());
        return off <= advertisement
                ? "which agrees"
                : Text.seconds(off) + " away from that, and more than an advertisement";
    }
}
