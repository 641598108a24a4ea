package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.Routes;

/** Who stands at an end of a link: a member, or one of those beside them. */
public sealed interface Party permits Target, Party.Beside {

    /** Those who are not members. */
    enum Beside implements Party {
        /** Applications. */
        CLIENTS(Routes.CLIENTS),
        /** Whoever installs and watches the cluster. */
        OPERATOR(Routes.OPERATOR),
        /** Whoever says who may be primary. */
        ARBITER(Routes.ARBITER);

        private final String party;

        Beside(String party) {
            this.party = party;
        }

        /** The name by which {@link Routes} knows it. */
        String party() {
            return party;
        }

        @Override
        public String toString() {
            return "the " + party;
        }
    }
}
