package io.github.pggauntlet.harness.fault;

/** Which member a fault hits. Roles are resolved at the moment of the fault, by asking the members then. */
public sealed interface Target extends Party {

    /**
     * A certain member, whatever its role.
     *
     * @param member its name
     */
    record Named(String member) implements Target {
        @Override
        public String toString() {
            return member;
        }
    }

    /** The member that is primary. */
    record ThePrimary() implements Target {
        @Override
        public String toString() {
            return "the primary";
        }
    }

    /** The member that is standby; with several, the first in the cluster's order that streams. */
    record TheStandby() implements Target {
        @Override
        public String toString() {
            return "the standby";
        }
    }

    /** A certain member. */
    static Target named(String member) {
        return new Named(member);
    }

    /** The member that is primary when the fault is made. */
    static Target primary() {
        return new ThePrimary();
    }

    /** The member that is standby when the fault is made. */
    static Target standby() {
        return new TheStandby();
    }
}
