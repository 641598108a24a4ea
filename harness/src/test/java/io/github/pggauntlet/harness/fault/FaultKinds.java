package io.github.pggauntlet.harness.fault;

import java.util.List;
import java.util.stream.Stream;

/** All records of a sealed family of faults, by reflection. */
final class FaultKinds {

    private FaultKinds() {}

    static List<Class<? extends Fault>> of(Class<? extends Fault> family) {
        if (!family.isSealed()) {
            return List.of(family);
        }
        return Stream.of(family.getPermittedSubclasses())
                .<Class<? extends Fault>>flatMap(member -> of(member.asSubclass(Fault.class)).stream())
                .toList();
    }
}
