package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import eu.rekawek.toxiproxy.ToxiproxyClient;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final List<String> MEMBERS = List.of("machine0", "machine1");

    @Test
    void everyoneHasALinkToEveryoneTheyTalkTo() {
        assertThat(Links.of(MEMBERS, List.of(Routes.ARBITER)))
                .doesNotHaveDuplicates()
                .extracting(Link::toString)
                .containsExactlyInAnyOrder(
                        "machine0->machine1/postgres",
                        "machine0->machine1/agent",
                        "machine1->machine0/postgres",
                        "machine1->machine0/agent",
                        "clients->machine0/postgres",
                        "clients->machine1/postgres",
                        "operator->machine0/postgres",
                        "operator->machine0/agent",
                        "operator->machine1/postgres",
                        "operator->machine1/agent",
                        "machine0->arbiter/arbiter",
                        "machine1->arbiter/arbiter",
                        "operator->arbiter/arbiter");
        assertThat(Links.of(MEMBERS, List.of())).noneMatch(link -> link.to().equals(Routes.ARBITER));
    }

    @Test
    void membersGoByAliasAndOthersByAnAddressReachableFromHere() {
        Link between = new Link("machine0", "machine1", Service.POSTGRES);
        Link outside = new Link(Routes.CLIENTS, "machine1", Service.POSTGRES);
        try (Bounded bounded = new Bounded("test")) {
            Links links = new Links(
                    new ToxiproxyClient("localhost", 1),
                    bounded,
                    List.of(proxied(between, 20_000, 1000), proxied(outside, 20_001, 1001)),
                    false);

            Routes routes = links.routes(MEMBERS);

            assertThat(routes.table())
                    .containsEntry(between, new Endpoint("toxiproxy", 20_000))
                    .containsEntry(outside, new Endpoint("127.0.0.1", 1001));
            assertThat(links.between("machine0", "machine1")).containsExactly(between);
        }
    }

    private static Links.ProxiedLink proxied(Link link, int listen, int fromHere) {
        return new Links.ProxiedLink(link, new Endpoint(link.to(), 5432), listen, new Endpoint("127.0.0.1", fromHere));
    }
}
