package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.Operation.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The terms in which members acknowledged writes. A term is one member on one timeline. */
final class Terms {

    private Terms() {}

    /**
     * The acknowledged writes of one member on one timeline, by their extremes.
     *
     * @param earliest the first to be completed
     * @param latest the last to be invoked
     * @param last the last to be completed
     */
    record Term(String node, int timeline, Write earliest, Write latest, Write last) {

        Term(Write only) {
            this(only.node(), only.timeline(), only, only, only);
        }

        Term and(Write write) {
            return new Term(
                    node,
                    timeline,
                    write.completed() < earliest.completed() ? write : earliest,
                    write.invoked() > latest.invoked() ? write : latest,
                    write.completed() > last.completed() ? write : last);
        }

        /**
         * From here on the member had certainly acknowledged a write: a commit lies between a write's invocation and its
         * completion, nothing more is known of it.
         */
        long certainFrom() {
            return earliest.completed();
        }

        /** Up to here the member had certainly not acknowledged its last write. */
        long certainTo() {
            return latest.invoked();
        }

        @Override
        public String toString() {
            return node + " on timeline " + timeline;
        }
    }

    private record Key(String node, int timeline) {}

    /** The terms of these acknowledged writes, by timeline and then by beginning. Writes of unknown origin are left out. O(n). */
    static List<Term> of(Stream<Write> acknowledged) {
        Map<Key, TermBuilder> terms = new LinkedHashMap<>();
        acknowledged.forEach(write -> {
            if (write.timeline() > 0 && !write.node().isEmpty()) {
                terms.computeIfAbsent(new Key(write.node(), write.timeline()), key -> new TermBuilder(write))
                        .add(write);
            }
        });
        List<Term> all = new ArrayList<>();
        terms.values().forEach(builder -> all.add(builder.term));
        all.sort(Comparator.comparingInt(Term::timeline).thenComparingLong(Term::certainFrom));
        return List.copyOf(all);
    }

    private static final class TermBuilder {
        private Term term;

        TermBuilder(Write first) {
            term = new Term(first);
        }

        void add(Write write) {
            boolean inside = write.completed() >= term.earliest.completed()
                    && write.invoked() <= term.latest.invoked()
                    && write.completed() <= term.last.completed();
            if (!inside) {
                term = term.and(write);
            }
        }
    }
}
