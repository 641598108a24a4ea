package io.github.pggauntlet.strategy.drbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdRules.Promotion;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Disk;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.GenerationIds.Relation;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DrbdRulesProperties {

    private static final String PROC = """
            version: 8.4.11 (api:1/proto:86-101)
            srcversion: 211FB288A383ED945B83420

             1: cs:Unconfigured
             2: cs:SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate C r-----
                ns:0 nr:5124 dw:5124 dr:0 al:8 bm:0 lo:0 pe:2 ua:0 ap:0 ep:1 wo:f oos:256980
            \t[>....................] sync'ed:  2.3% (256980/262104)K
             3: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----
                ns:0 nr:0 dw:0 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0
            """;

    @Example
    void whatTheKernelSaysIsRead() {
        assertThat(DrbdStatus.parse(PROC, 1)).isEqualTo(DrbdStatus.unconfigured());
        assertThat(DrbdStatus.parse(PROC, 2))
                .isEqualTo(new DrbdStatus(
                        Connection.SYNC_TARGET,
                        Role.SECONDARY,
                        Role.PRIMARY,
                        Disk.INCONSISTENT,
                        Disk.UP_TO_DATE,
                        256_980));
        assertThat(DrbdStatus.parse(PROC, 3))
                .isEqualTo(new DrbdStatus(
                        Connection.WAITING, Role.SECONDARY, Role.UNKNOWN, Disk.UP_TO_DATE, Disk.UNKNOWN, 0));
        assertThat(DrbdStatus.parse(PROC, 9)).isEqualTo(DrbdStatus.unconfigured());
    }

    /** Then DRBD names no protocol. */
    @Example
    void aDeviceThatStandsAloneIsRead() {
        String alone = PROC.replace(
                "cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----",
                "cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----");
        assertThat(DrbdStatus.parse(alone, 3).connection()).isEqualTo(Connection.STAND_ALONE);
        assertThat(DrbdStatus.parse(alone, 3).role()).isEqualTo(Role.PRIMARY);
    }

    @Example
    void thatWritesStandStillIsRead() {
        assertThat(DrbdStatus.parse(PROC, 3).suspended()).isFalse();
        assertThat(DrbdStatus.parse(PROC.replace("DUnknown C r-----", "DUnknown C s-----"), 3)
                        .suspended())
                .isTrue();
    }

    @Example
    void aWordThatIsNotKnownIsNoReasonToGuess() {
        assertThatThrownBy(() -> DrbdStatus.parse(PROC.replace("WFConnection", "Dreaming"), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Dreaming");
    }

    @Property
    void onlyADiskThatMayBeTheLatestIsEverPromoted(
            @ForAll Connection connection,
            @ForAll Role role,
            @ForAll Role peerRole,
            @ForAll Disk disk,
            @ForAll Disk peerDisk,
            @ForAll Fencing fencing,
            @ForAll PeerKnowledge peer) {
        DrbdStatus status = new DrbdStatus(connection, role, peerRole, disk, peerDisk, 0);

        if (DrbdRules.promotion(status, fencing, peer) instanceof Promotion.Now) {
            assertThat(disk).isIn(Disk.UP_TO_DATE, Disk.CONSISTENT);
            assertThat(peerRole).isNotEqualTo(Role.PRIMARY);
            boolean heard = connection.hearsPeer();
            boolean out = peer == PeerKnowledge.FENCED || peerDisk == Disk.OUTDATED;
            assertThat(heard || out || fencing == Fencing.DONT_CARE)
                    .as("a machine that hears nobody was promoted: " + status)
                    .isTrue();
            assertThat(connection == Connection.STAND_ALONE && !out).isFalse();
        }
    }

    /** With fencing two machines that hear nothing of each other are never both promoted, unless one has been put out of action. */
    @Property
    void aCutLinkAloneMakesNobodyPrimary(@ForAll Disk disk, @ForAll Connection connection) {
        DrbdStatus status = new DrbdStatus(connection, Role.SECONDARY, Role.UNKNOWN, disk, Disk.UNKNOWN, 0);
        if (!connection.hearsPeer()) {
            assertThat(DrbdRules.promotion(status, Fencing.RESOURCE_AND_STONITH, PeerKnowledge.UNKNOWN))
                    .isNotInstanceOf(Promotion.Now.class);
        }
    }

    /** The seed's own arrangement: whoever hears nothing goes on. */
    @Example
    void withoutFencingACutLinkMakesASecondPrimary() {
        DrbdStatus cut =
                new DrbdStatus(Connection.WAITING, Role.SECONDARY, Role.UNKNOWN, Disk.UP_TO_DATE, Disk.UNKNOWN, 0);

        assertThat(DrbdRules.promotion(cut, Fencing.DONT_CARE, PeerKnowledge.UNKNOWN))
                .isEqualTo(new Promotion.Now());
        assertThat(DrbdRules.promotion(cut, Fencing.RESOURCE_ONLY, PeerKnowledge.UNKNOWN))
                .isInstanceOf(Promotion.Later.class);
        assertThat(DrbdRules.promotion(cut, Fencing.RESOURCE_ONLY, PeerKnowledge.FENCED))
                .isEqualTo(new Promotion.Now());
    }

    @Example
    void aPeerThatStillCountsAsPrimaryIsWaitedFor() {
        DrbdStatus dying =
                new DrbdStatus(Connection.CONNECTED, Role.SECONDARY, Role.PRIMARY, Disk.UP_TO_DATE, Disk.UP_TO_DATE, 0);

        assertThat(DrbdRules.promotion(dying, Fencing.DONT_CARE, PeerKnowledge.FENCED))
                .isInstanceOf(Promotion.Later.class);
    }

    @Property
    void standAloneIsAnAlarmAndNeverHealth(@ForAll Role role, @ForAll Disk disk, @ForAll Disk peerDisk) {
        DrbdStatus status = new DrbdStatus(Connection.STAND_ALONE, role, Role.UNKNOWN, disk, peerDisk, 0);

        assertThat(DrbdRules.alarms(status)).anyMatch(alarm -> alarm.startsWith("StandAlone"));
        assertThat(DrbdRules.whole(status)).isFalse();
    }

    @Example
    void whatIsConnectedAndAlikeIsWhole() {
        DrbdStatus well =
                new DrbdStatus(Connection.CONNECTED, Role.PRIMARY, Role.SECONDARY, Disk.UP_TO_DATE, Disk.UP_TO_DATE, 0);

        assertThat(DrbdRules.whole(well)).isTrue();
        assertThat(DrbdRules.whole(new DrbdStatus(
                        well.connection(), well.role(), well.peerRole(), well.disk(), well.peerDisk(), 4)))
                .isFalse();
        assertThat(DrbdRules.whole(
                        new DrbdStatus(well.connection(), Role.PRIMARY, Role.PRIMARY, well.disk(), well.peerDisk(), 0)))
                .isFalse();
    }

    @Example
    void generationsTellWhoHasWhat() {
        GenerationIds common = new GenerationIds(16, 0, List.of(6L, 8L));
        GenerationIds wentOn = new GenerationIds(32, 16, List.of(6L, 8L));
        GenerationIds wentElsewhere = new GenerationIds(48, 16, List.of(6L, 8L));

        assertThat(common.relatedTo(common)).isEqualTo(Relation.SAME);
        assertThat(wentOn.relatedTo(common)).isEqualTo(Relation.HERE_IS_NEWER);
        assertThat(common.relatedTo(wentOn)).isEqualTo(Relation.THERE_IS_NEWER);
        assertThat(wentOn.relatedTo(wentElsewhere)).isEqualTo(Relation.SPLIT_BRAIN);
        assertThat(wentOn.relatedTo(new GenerationIds(64, 0, List.of(66L, 0L)))).isEqualTo(Relation.UNRELATED);
        assertThat(GenerationIds.parse("0000000000000004:0:0:0:0:0:0").relatedTo(common))
                .isEqualTo(Relation.THERE_IS_NEWER);
    }

    /** That the machine was primary says nothing about its data. */
    @Example
    void theRoleIsNoPartOfTheGeneration() {
        assertThat(GenerationIds.parse("5B6B4F2A1C3D7E91:0000000000000000:AB:CD:1:1:0:1:0:0:0"))
                .isEqualTo(GenerationIds.parse("5B6B4F2A1C3D7E90:0000000000000000:AA:CC:1:1:0:0:0:0:0"));
        assertThatThrownBy(() -> GenerationIds.parse("nothing")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void twoDisksAgreeOnHowTheyAreRelated(@ForAll("ids") GenerationIds one, @ForAll("ids") GenerationIds other) {
        Relation there = other.relatedTo(one);
        assertThat(one.relatedTo(other))
                .isEqualTo(
                        switch (there) {
                            case HERE_IS_NEWER -> Relation.THERE_IS_NEWER;
                            case THERE_IS_NEWER -> Relation.HERE_IS_NEWER;
                            default -> there;
                        });
    }

    /** As they come to be: both from one point, each then going its own way for a while, or not. */
    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<GenerationIds> ids() {
        return net.jqwik.api.Arbitraries.of(
                new GenerationIds(4, 0, List.of(0L, 0L)),
                new GenerationIds(16, 0, List.of(6L, 8L)),
                new GenerationIds(32, 16, List.of(6L, 8L)),
                new GenerationIds(48, 16, List.of(6L, 8L)),
                new GenerationIds(64, 0, List.of(32L, 16L)),
                new GenerationIds(80, 64, List.of(32L, 16L)),
                new GenerationIds(96, 0, List.of(98L, 0L)));
    }
}
