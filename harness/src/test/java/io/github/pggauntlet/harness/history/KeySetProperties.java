package io.github.pggauntlet.harness.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class KeySetProperties {

    @Property
    void isWrittenAsRunsAndReadBack(@ForAll @Size(max = 60) Set<@LongRange(min = 0, max = 200) Long> keys) {
        KeySet set = set(keys);
        assertThat(KeySet.parse(set.toString())).isEqualTo(set);
        assertThat(set.size()).isEqualTo(keys.size());
        assertThat(set.stream().boxed().collect(Collectors.toSet())).isEqualTo(keys);
    }

    @Property
    void setOperationsAreThoseOfSets(
            @ForAll @Size(max = 60) Set<@LongRange(min = 0, max = 150) Long> a,
            @ForAll @Size(max = 60) Set<@LongRange(min = 0, max = 150) Long> b) {
        Set<Long> minus = new TreeSet<>(a);
        minus.removeAll(b);
        Set<Long> and = new TreeSet<>(a);
        and.retainAll(b);
        Set<Long> or = new TreeSet<>(a);
        or.addAll(b);
        assertThat(set(a).minus(set(b))).isEqualTo(set(minus));
        assertThat(set(a).and(set(b))).isEqualTo(set(and));
        assertThat(set(a).or(set(b))).isEqualTo(set(or));
    }

    @Property
    void isTornWhereOneOfTwoNeighboursIsMissing(
            @ForAll @Size(max = 60) Set<@LongRange(min = 0, max = 200) Long> keys,
            @ForAll @Size(max = 60) Set<@LongRange(min = 0, max = 200) Long> joints) {
        Set<Long> torn = joints.stream()
                .filter(key -> keys.contains(key) != keys.contains(key + 1))
                .collect(Collectors.toSet());
        assertThat(set(keys).tornAt(set(joints))).isEqualTo(set(torn));
    }

    @Example
    void readsLikeAPersonWouldWriteIt() {
        assertThat(KeySet.of(502, 1, 2, 3, 600, 601)).hasToString("1-3,502,600-601");
        assertThat(KeySet.empty()).hasToString("");
        assertThat(KeySet.parse("")).isEqualTo(KeySet.empty());
    }

    @Example
    void refusesWhatItHasNotWritten() {
        for (String text : new String[] {"a", "1,", ",1", "3-1", "2,1", "1-2-3", "-1", "99999999999"}) {
            assertThatThrownBy(() -> KeySet.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static KeySet set(Set<Long> keys) {
        return KeySet.of(keys.stream().mapToLong(Long::longValue).toArray());
    }
}
