package io.github.pggauntlet.scenarios.broken;

/** Does in ucarp's up-script what takes long: ucarp advertises nothing meanwhile, and nobody knows who is master. */
public final class UcarpSlowScript extends BrokenUcarp {

    private static final String CHANGE = """
            sed -i '2i [ ! -e /var/lib/gauntlet/data/PG_VERSION ] || sleep 20' /opt/gauntlet/ucarp/vip-up
            """;

    /** For {@link java.util.ServiceLoader}. */
    public UcarpSlowScript() {
        super("broken-ucarp-slow-script", "keeps ucarp's up-script busy for twenty seconds", CHANGE);
    }
}
