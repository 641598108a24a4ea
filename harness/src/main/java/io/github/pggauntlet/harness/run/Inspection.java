package io.github.pggauntlet.harness.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.harness.check.SlotChecker;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the members' servers themselves when the story is over and nobody writes any more: the histories of their timelines,
 * their tables' rows, what PostgreSQL's own check says of tables and indexes, and the WAL that is kept. What cannot be looked at
 * is left out, and a note says so.
 */
final class Inspection {

    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

    private static final Duration CALL = Duration.ofSeconds(20);
    private static final Duration CHECK = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final String PASSWORDS = "/root/.gauntlet-inspection";
    private static final int PRIVATE = 0600;

    /** The status with which the check ends that has found something; another one says that it could not be made. */
    private static final int FOUND = 2;

    private static final String AMCHECK = "/usr/lib/postgresql/current/bin/pg_amcheck";

    /**
     * A server's working directory is its data directory, wherever its strategy has put that. Only the server's own user may
     * ask where it is.
     */
    private static final String HISTORIES = """
            cd "/proc/$(pgrep -o -x postgres)/cwd/pg_wal" || exit 1
            for file in *.history; do
              if [ -e "$file" ]; then echo "= $file"; cat "$file"; fi
            done
            """;

    private static final String FILE = "= ";

    private static final String TABLES =
            "select format('%I.%I', schemaname, tablename) from pg_tables where tableowner = current_user order by 1";

    private static final String SLOTS = """
            select slot_name, coalesce(wal_status, ''), coalesce(pg_wal_lsn_diff(at.lsn, restart_lsn), 0)::bigint,
                   pg_wal_lsn_diff(at.lsn, (select redo_lsn from pg_control_checkpoint()))::bigint
              from pg_replication_slots,
                   (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                                else pg_current_wal_insert_lsn() end as lsn) at
             order by 1
            """;

    private final Installed on;
    private final DirectSql sql;
    private final EventWriter events;
    private final RunClock clock;

    Inspection(Installed on, EventWriter events, RunClock clock) {
        this.on = on;
        this.sql = new DirectSql(on.cluster().clients(), CHECK);
        this.events = events;
        this.clock = clock;
    }

    /** Looks at everything once. */
    void run() throws InterruptedException {
        List<NodeStatus> statuses = on.cluster().status();
        List<NodeStatus> served = statuses.stream()
                .filter(status -> status.postmasterPid().isPresent())
                .toList();
        for (NodeStatus member : served) {
            guarded("the histories of " + member.member(), () -> histories(member));
        }
        Optional<NodeStatus> primary = Health.primary(statuses);
        if (primary.isEmpty() || !Health.whole(statuses)) {
            return;
        }
        List<String> standbys = served.stream()
                .map(NodeStatus::member)
                .filter(member -> !member.equals(primary.get().member()))
                .toList();
        String head = primary.get().member();
        guarded("the rows of all members", () -> rows(head, standbys));
        guarded(
                "the WAL that is kept",
                () -> slots(served.stream().map(NodeStatus::member).toList()));
        guarded("the data of " + head, () -> check(head, true));
        for (String standby : standbys) {
            guarded("the data of " + standby, () -> {
                // The check's own functions come to a standby by replication.
                new Replay(sql, on.machines().routes()).await(standby, head);
                check(standby, false);
            });
        }
    }

    /** A look that may fail. */
    private interface Look {
        void take() throws SQLException, InterruptedException;
    }

    private void guarded(String what, Look look) throws InterruptedException {
        try {
            look.take();
        } catch (SQLException | HostException | StoryStuck | IllegalArgumentException e) {
            LOG.info("Not looked at: {}", what, e);
            events.append(new RunEvent.Note(clock.nanos(), "Not looked at: " + what + ". " + e.getMessage()));
        }
    }

    private void histories(NodeStatus member) throws InterruptedException {
        Host host = on.machines().machine(member.member()).host();
        String all = host.run(Command.of(CALL, "runuser", "-u", "postgres", "--", "sh", "-c", HISTORIES))
                .orFail()
                .output();
        boolean leads = member.role() == NodeRole.PRIMARY;
        int current = member.timeline().orElse(0);
        if (leads && current == 1) {
            record(member, true, TimelineHistory.first());
        }
        for (TimelineHistory history : parse(all)) {
            record(member, leads && history.timeline() == current, history);
        }
    }

    private void record(NodeStatus member, boolean leads, TimelineHistory history) {
        events.append(new RunEvent.HistoryRead(clock.nanos(), member.member(), leads, history));
    }

    /** The histories among files that were printed one after the other, each below its name. */
    static List<TimelineHistory> parse(String files) {
        List<TimelineHistory> histories = new ArrayList<>();
        StringBuilder content = new StringBuilder();
        int timeline = 0;
        for (String line : (files + "\n" + FILE).split("\n", -1)) {
            if (!line.startsWith(FILE)) {
                content.append(line).append('\n');
                continue;
            }
            if (timeline > 0) {
                histories.add(TimelineHistory.parse(timeline, content.toString()));
            }
            content.setLength(0);
            String name = line.substring(FILE.length());
            timeline = name.matches("[0-9A-F]{8}\\.history") ? Integer.parseInt(name.substring(0, 8), 16) : 0;
        }
        return List.copyOf(histories);
    }

    private record Content(long rows, String checksum) {}

    /**
     * Reads every table everywhere. A table that changes while it is read, because somebody watches over the primary by writing
     * to it, tells nothing and is left out.
     */
    private void rows(String primary, List<String> standbys) throws SQLException, InterruptedException {
        Map<String, Content> before = contents(primary);
        Map<String, Map<String, Content>> elsewhere = new LinkedHashMap<>();
        for (String standby : standbys) {
            new Replay(sql, on.machines().routes()).await(standby, primary);
            elsewhere.put(standby, contents(standby));
        }
        Map<String, Content> after = contents(primary);
        before.forEach((table, content) -> {
            if (content.equals(after.get(table))) {
                record(primary, table, content);
                elsewhere.forEach((standby, tables) ->
                        Optional.ofNullable(tables.get(table)).ifPresent(there -> record(standby, table, there)));
            }
        });
    }

    private void record(String member, String table, Content content) {
        events.append(new RunEvent.TableRead(clock.nanos(), member, table, content.rows(), content.checksum()));
    }

    private Map<String, Content> contents(String member) throws SQLException {
        Map<String, Content> contents = new LinkedHashMap<>();
        for (List<String> table : sql.rows(postgres(member), TABLES)) {
            // The server has quoted the name.
            List<String> row = sql.rows(
                            postgres(member),
                            "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from "
                                    + table.get(0) + " t")
                    .get(0);
            contents.put(table.get(0), new Content(Long.parseLong(row.get(0)), row.get(1)));
        }
        return contents;
    }

    /** Waits a while for slots to follow, and records where they are then. */
    private void slots(List<String> members) throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        List<RunEvent.SlotSeen> seen = slotsOf(members);
        while (!seen.stream().allMatch(SlotChecker::follows) && System.nanoTime() - begin < SETTLE.toNanos()) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            seen = slotsOf(members);
        }
        seen.forEach(events::append);
    }

    private List<RunEvent.SlotSeen> slotsOf(List<String> members) throws SQLException {
        List<RunEvent.SlotSeen> seen = new ArrayList<>();
        for (String member : members) {
            for (List<String> row : sql.rows(postgres(member), SLOTS)) {
                seen.add(new RunEvent.SlotSeen(
                        clock.nanos(),
                        member,
                        row.get(0),
                        row.get(1),
                        Long.parseLong(row.get(2)),
                        Long.parseLong(row.get(3))));
            }
        }
        return seen;
    }

    private Endpoint postgres(String member) {
        return on.machines().routes().route(Routes.OPERATOR, member, Service.POSTGRES);
    }

    /** Has PostgreSQL's own check look at every table and index of the application's database, catalogs included. */
    private void check(String member, boolean install) throws InterruptedException {
        Host host = on.machines().machine(member).host();
        List<String> arguments = new ArrayList<>();
        Map<String, String> environment = Map.of("LC_ALL", "C", "PGPASSFILE", PASSWORDS);
        if (on.replicatedDisk()) {
            arguments.addAll(List.of("runuser", "-u", "postgres", "--", AMCHECK));
        } else {
            arguments.addAll(List.of(AMCHECK, "--host=127.0.0.1", "--username=" + Credentials.SUPERUSER));
            String line = "*:*:*:" + Credentials.SUPERUSER + ":"
                    + on.spec().credentials().superuser().reveal() + "\n";
            host.put(PASSWORDS, line.getBytes(UTF_8), "root", PRIVATE);
        }
        arguments.addAll(List.of("--no-password", "--heapallindexed"));
        if (install) {
            arguments.add("--install-missing");
        }
        arguments.add(on.cluster().clients().database());
        CommandResult result;
        try {
            result = host.run(new Command(arguments, environment, CHECK));
        } finally {
            host.run(Command.of(CALL, "rm", "-f", PASSWORDS));
        }
        if (!result.succeeded() && result.status() != FOUND) {
            throw new HostException(result.describe());
        }
        events.append(new RunEvent.DataChecked(
                clock.nanos(), member, result.succeeded(), (result.output() + result.errors()).strip()));
    }
}
