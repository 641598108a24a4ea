package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import io.github.pggauntlet.strategy.Endpoint;
import java.util.Optional;

/** Where this process reaches a port of a container. */
final class Addresses {

    private Addresses() {}

    /**
     * @throws EnvironmentException if the container has no address, or does not publish the port where it must
     */
    static Endpoint of(Engine engine, InspectContainerResponse container, int port) {
        if (engine.bridged()) {
            return new Endpoint(ip(container), port);
        }
        Ports.Binding[] bindings =
                container.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(port));
        if (bindings == null || bindings.length == 0) {
            throw new EnvironmentException("The engine has not published port " + port + " of " + container.getName()
                    + "; the container is " + container.getState().getStatus() + ".");
        }
        return new Endpoint(engine.publishedHost(), Integer.parseInt(bindings[0].getHostPortSpec()));
    }

    private static String ip(InspectContainerResponse container) {
        return container.getNetworkSettings().getNetworks().values().stream()
                .map(ContainerNetwork::getIpAddress)
                .flatMap(address -> Optional.ofNullable(address).filter(ip -> !ip.isBlank()).stream())
                .findFirst()
                .orElseThrow(() -> new EnvironmentException("The container " + container.getName()
                        + " has no address; it is " + container.getState().getStatus() + "."));
    }
}
