package io.github.pggauntlet.harness.check.primitive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class PrimitivesProperties {

    @Property(tries = 300)
    void indicesAreSortedStably(@ForAll @Size(max = 300) List<@LongRange(min = -20, max = 20) Long> keys) {
        List<Integer> expected = IntStream.range(0, keys.size())
                .boxed()
                .sorted(Comparator.comparing(keys::get))
                .toList();
        long[] plain = keys.stream().mapToLong(Long::longValue).toArray();
        assertThat(IntStream.of(IndexSort.byKey(plain)).boxed().toList()).isEqualTo(expected);
    }

    @Property(tries = 300)
    void theMapKeepsTheFirstValueOfEachKey(@ForAll @Size(max = 200) List<@LongRange(min = -50, max = 50) Long> keys) {
        Map<Long, Integer> expected = new HashMap<>();
        LongIntMap map = new LongIntMap();
        for (int i = 0; i < keys.size(); i++) {
            Integer before = expected.putIfAbsent(keys.get(i), i);
            assertThat(map.putIfAbsent(keys.get(i), i)).isEqualTo(before == null ? LongIntMap.NONE : before);
        }
        assertThat(map.size()).isEqualTo(expected.size());
        for (long key = -60; key <= 60; key++) {
            assertThat(map.get(key)).isEqualTo(expected.getOrDefault(key, LongIntMap.NONE));
        }
    }
}
