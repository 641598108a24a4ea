package io.github.pggauntlet.strategy.postgres;

/**
 * Where a member keeps what belongs to its PostgreSQL. The configuration lies beside the data directory, not in it, so
 * that neither pg_basebackup nor pg_rewind ever carries one member's configuration to another.
 *
 * @param base the directory that holds everything; absolute
 */
public record PostgresLayout(String base) {

    /** PostgreSQL's data directory. */
    public String data() {
        return base + "/data";
    }

    /** A data directory in the making. */
    public String draft() {
        return base + "/data.draft";
    }

    /** Names the data of an initialisation that no record of the cluster is known to speak of yet. */
    public String unrecordedFile() {
        return base + "/data.unrecorded";
    }

    /** How the names of data directories begin that were replaced and are kept for salvage. */
    public String salvage() {
        return base + "/data.replaced";
    }

    /** The directory of the configuration files. */
    public String configuration() {
        return base + "/conf";
    }

    /** The main configuration file. */
    public String configurationFile() {
        return configuration() + "/postgresql.conf";
    }

    /** The file of the settings that change with the member's role. */
    public String roleFile() {
        return configuration() + "/role.conf";
    }

    /** The file that says who may connect. */
    public String accessFile() {
        return configuration() + "/pg_hba.conf";
    }

    /** The file with the passwords that this member's own connections use. */
    public String passwordFile() {
        return configuration() + "/pgpass";
    }

    /** The certificate of the authority that this member trusts. */
    public String authorityFile() {
        return configuration() + "/authority.crt";
    }

    /** This member's certificate. */
    public String certificateFile() {
        return configuration() + "/server.crt";
    }

    /** This member's private key. */
    public String keyFile() {
        return configuration() + "/server.key";
    }

    /** The directory of the Unix socket. */
    public String sockets() {
        return base + "/run";
    }

    /** The directory of the logs. */
    public String logs() {
        return base + "/log";
    }

    /** The directory of what the agent remembers. */
    public String memory() {
        return base + "/memory";
    }

    /** The file that exists while pg_rewind's work is not known to be whole. */
    public String rewindSentinel() {
        return memory() + "/rewind-in-progress";
    }
}
