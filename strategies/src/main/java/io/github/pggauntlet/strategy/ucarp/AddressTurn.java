package io.github.pggauntlet.strategy.ucarp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This machine's turns as master of the address, as {@code vip-up} and {@code vip-down} write them down, and the wish to
 * give the address away, which vipmon reads. Safe for use by several threads.
 */
public final class AddressTurn {

    private static final Logger LOG = LoggerFactory.getLogger(AddressTurn.class);
    private static final String MASTER = "MASTER ";

    private final Path state;
    private final Path giveAway;
    private final Path hold;

    /** @param directory where the scripts write */
    public AddressTurn(Path directory) {
        this.state = directory.resolve("state");
        this.giveAway = directory.resolve("give-away");
        this.hold = directory.resolve("hold");
    }

    /** The present turn as master: each has another name. Empty if this machine is not master. */
    public Optional<String> current() {
        try {
            String said = Files.readString(state).strip();
            return said.startsWith(MASTER) ? Optional.of(said.substring(MASTER.length())) : Optional.empty();
        } catch (IOException e) {
            // The directory is new with each boot; as long as ucarp has said nothing the machine is not master.
            LOG.trace("No state of ucarp", e);
            return Optional.empty();
        }
    }

    /** The other machine is primary: this one need not keep out of its way any longer. */
    public void taken() {
        try {
            Files.deleteIfExists(hold);
        } catch (IOException e) {
            // Then it keeps out of the way for as long as it was told to.
            LOG.debug("The hold could not be ended", e);
        }
    }

    /** Wants the address to be given away. */
    public void giveAway(String why) {
        LOG.info("The address shall go to the other machine: {}", why);
        try {
            Files.write(giveAway, (why + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            // vipmon finds out by itself that PostgreSQL takes no write, only later.
            LOG.warn("That the address shall be given away could not be said: {}", e.toString());
        }
    }
}
