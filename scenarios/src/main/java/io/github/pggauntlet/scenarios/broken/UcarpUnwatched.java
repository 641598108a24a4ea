package io.github.pggauntlet.scenarios.broken;

/**
 * ucarp as it is often set up: its up-script puts the address up, and nobody watches whether PostgreSQL behind it is alive.
 * ucarp asks only whether the other machine speaks.
 */
public final class UcarpUnwatched extends BrokenUcarp {

    private static final String CHANGE = """
            cat >>/opt/gauntlet/ucarp/vip-up <<'end'
            ip address add "$2/32" dev "$1" 2>/dev/null || true
            arping -q -U -c 2 -I "$1" "$2" &
            end
            touch /etc/service/gauntlet-vipmon/down
            sv -w 5 force-stop /etc/service/gauntlet-vipmon
            . /etc/gauntlet-ucarp/ucarp.conf
            if grep -q '^MASTER' /run/gauntlet-ucarp/state 2>/dev/null; then
                /opt/gauntlet/ucarp/vip-up "$INTERFACE" "$ADDRESS"
            fi
            """;

    /** For {@link java.util.ServiceLoader}. */
    public UcarpUnwatched() {
        super("broken-ucarp-unwatched", "has nobody who watches PostgreSQL behind the address", CHANGE);
    }
}
