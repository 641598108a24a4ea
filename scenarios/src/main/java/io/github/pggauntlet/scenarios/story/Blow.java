package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways in which a machine's PostgreSQL can be made to fail in a story. */
enum Blow {
    /** Its postmaster is killed; the machine lives on. */
    POSTMASTER {
        @Override
        Fault on(Target target) {
            return new Fault.KillPostmaster(target);
        }
    },
    /** Its machine stops dead. */
    HOST {
        @Override
        Fault on(Target target) {
            return new Fault.KillHost(target);
        }
    },
    /** Its machine is shut down in good order. */
    STOP {
        @Override
        Fault on(Target target) {
            return new Fault.StopHost(target);
        }
    };

    abstract Fault on(Target target);

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Blow of(String id) {
        return Arrays.stream(values())
                .filter(blow -> blow.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no fault '" + id + "' for this scenario; choose one of: " + all() + "."));
    }

    static String all() {
        return Arrays.stream(values()).map(Blow::id).collect(Collectors.joining(", "));
    }
}
