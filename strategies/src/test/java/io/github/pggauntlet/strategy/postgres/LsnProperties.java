package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LsnProperties {

    @Property
    void whatIsWrittenIsRead(@ForAll long value) {
        assertThat(Lsn.parse(new Lsn(value).toString())).isEqualTo(new Lsn(value));
    }

    @Property
    void positionsAreUnsigned(@ForAll long a, @ForAll long b) {
        assertThat(Integer.signum(new Lsn(a).compareTo(new Lsn(b))))
                .isEqualTo(unsigned(a).compareTo(unsigned(b)));
        assertThat(unsigned(Lsn.max(new Lsn(a), new Lsn(b)).value()))
                .isEqualTo(unsigned(a).max(unsigned(b)));
    }

    @Property
    void theDistanceLeadsFromOneToTheOther(@ForAll long a, @ForAll long b) {
        assertThat(a + new Lsn(b).minus(new Lsn(a))).isEqualTo(b);
    }

    /** PostgreSQL prints both {@code 0/A33E60} and, in pg_waldump and from version 19 everywhere, {@code 0/00A33E60}. */
    @Property
    void leadingZerosAndCaseDoNotMatter(@ForAll long value) {
        String padded = String.format(Locale.ROOT, "%08x/%08x", value >>> 32, value & 0xFFFFFFFFL);
        assertThat(Lsn.parse(padded)).isEqualTo(new Lsn(value));
    }

    @Example
    void theDocumentationsOwnExample() {
        assertThat(Lsn.parse("16/B374D848").value()).isEqualTo(0x16B374D848L);
        assertThat(Lsn.parse(" 16/B374D848\n")).hasToString("16/B374D848");
        assertThat(Lsn.INVALID).hasToString("0/0").matches(lsn -> !lsn.isValid());
        assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF")).isGreaterThan(Lsn.parse("0/1"));
    }

    @Example
    void whatIsNoPositionIsRefused() {
        for (String text : List.of("", "0", "/", "1/", "/1", "G/0", "0/123456789", "-1/0", "0/0/0", "0 /0")) {
            assertThatThrownBy(() -> Lsn.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + text + "'")
                    .hasMessageContaining("16/B374D848");
        }
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
