package io.github.pggauntlet.harness.junit;

import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.run.TestBed;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaStrategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Provides the {@link Bed} that {@link OnCluster} asks for, one for each class. */
public final class ClusterExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(ClusterExtension.class);

    /** Called by JUnit. */
    public ClusterExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Bed.class;
    }

    @Override
    public Bed resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        OnCluster wanted = AnnotationSupport.findAnnotation(test, OnCluster.class)
                .orElseThrow(() -> new IllegalStateException(
                        test.getName() + " asks for a cluster, but is not annotated with @OnCluster."));
        return classContext(context, test)
                .getStore(SPACE)
                .getOrComputeIfAbsent(Bed.class, ignored -> bed(wanted, test), Bed.class);
    }

    /** What is stored there is closed when the class has ended. */
    private static ExtensionContext classContext(ExtensionContext context, Class<?> test) {
        ExtensionContext at = context;
        while (at.getTestMethod().isPresent() && at.getParent().isPresent()) {
            at = at.getParent().get();
        }
        return at.getTestClass().filter(test::equals).isPresent() ? at : context;
    }

    private static Bed bed(OnCluster wanted, Class<?> test) {
        RunPlan plan = RunPlan.of(wanted.strategy(), Durability.of(wanted.durability()), "random-faults", Map.of(), 0)
                .withMachines(wanted.machines())
                .withArbiters(wanted.arbiters())
                .withPostgres(wanted.postgres())
                .withLoad(wanted.sessions(), wanted.rate());
        TestBed bed = new TestBed(Images.find(), strategy(wanted.strategy()), plan, RunListener.silent());
        return new Bed(
                bed, Path.of(wanted.folder()).resolve(test.getSimpleName()).toAbsolutePath());
    }

    private static HaStrategy strategy(String name) {
        List<HaStrategy> all = ServiceLoader.load(HaStrategy.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return all.stream()
                .filter(strategy -> strategy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no strategy '" + name + "'; there are: "
                        + all.stream().map(HaStrategy::name).sorted().collect(Collectors.joining(", "))
                        + "."));
    }
}
