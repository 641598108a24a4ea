package io.github.pggauntlet.scenarios;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Duration;

/**
 * What may know what: {@code strategies ← harness ← reports ← scenarios}, and which packages are pure.
 *
 * <p>It lives in the last module because only there all the others are on one class path.
 */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    static final String ROOT = "io.github.pggauntlet";

    private static final String STRATEGY = ROOT + ".strategy";
    private static final String DECISION = STRATEGY + ".decision..";
    private static final String HARNESS = ROOT + ".harness";
    private static final String CHECK = HARNESS + ".check..";
    private static final String REPORTS = ROOT + ".reports";
    private static final String SCENARIOS = ROOT + ".scenarios";

    /** Input and output, threads, processes, the system's clock and properties. */
    private static final DescribedPredicate<JavaClass> THE_OUTER_WORLD = resideInAnyPackage(
                    "java.io..",
                    "java.net..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    "java.sql..",
                    "javax..",
                    "java.util.concurrent..",
                    "org.postgresql..",
                    "org.slf4j..")
            .or(anyOf(
                    Thread.class,
                    ThreadLocal.class,
                    ThreadGroup.class,
                    System.class,
                    Runtime.class,
                    Process.class,
                    ProcessBuilder.class,
                    ProcessHandle.class,
                    java.time.Clock.class,
                    java.util.Timer.class,
                    java.util.TimerTask.class,
                    java.util.Scanner.class,
                    java.util.ServiceLoader.class))
            .as("the outer world (I/O, threads, processes, the system's clock)");

    /** Types of the SPI and of PostgreSQL that hold values: they reach no machine. */
    private static final DescribedPredicate<JavaClass> STRATEGY_VALUES = resideInAnyPackage(
                    STRATEGY, STRATEGY + ".postgres")
            .and(not(describe("reach a machine", ArchitectureTest::reachesAMachine)))
            .as("value types of strategy and strategy.postgres");

    // ---- imports run one way

    @ArchTest
    static final ArchRule strategiesKnowNothingOfTheModulesAfterThem = noClasses()
            .that()
            .resideInAPackage(STRATEGY + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HARNESS + "..", REPORTS + "..", SCENARIOS + "..");

    @ArchTest
    static final ArchRule strategiesKnowNothingOfTests = noClasses()
            .that()
            .resideInAPackage(STRATEGY + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.testcontainers..", "com.github.dockerjava..", "eu.rekawek..", "net.jqwik..", "org.junit..")
            .because("a strategy runs in production, where there is no test library");

    @ArchTest
    static final ArchRule theHarnessKnowsNothingOfTheModulesAfterIt = noClasses()
            .that()
            .resideInAPackage(HARNESS + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(REPORTS + "..", SCENARIOS + "..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule reportsKnowNothingOfScenarios = noClasses()
            .that()
            .resideInAPackage(REPORTS + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SCENARIOS + "..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesOfStrategiesFormNoCycle =
            slices().assignedFrom(packagesBelow(STRATEGY)).should().beFreeOfCycles();

    // ---- what is pure

    @ArchTest
    static final ArchRule decisionsArePure = classes()
            .that()
            .resideInAPackage(DECISION)
            .should()
            .onlyDependOnClassesThat(resideInAPackage(DECISION)
                    .or(STRATEGY_VALUES)
                    .or(resideInAnyPackage("java.lang..", "java.util..", "org.jspecify.annotations")
                            .and(not(THE_OUTER_WORLD)))
                    .or(anyOf(Duration.class))
                    .or(describe("primitive types and arrays of them", ArchitectureTest::isPrimitive)))
            .because("a decision is made from a view alone: no I/O, no clock, no threads")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule checkersKnowHistoriesOnly = noClasses()
            .that()
            .resideInAPackage(CHECK)
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + "..")
                    .and(not(resideInAnyPackage(CHECK, HARNESS + ".history..")))
                    .and(not(STRATEGY_VALUES))
                    .as("are neither histories nor value types"))
            .because("a run can be judged again from its record alone")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule checkersArePure = noClasses()
            .that()
            .resideInAPackage(CHECK)
            .should()
            .dependOnClassesThat(THE_OUTER_WORLD)
            .because("a checker takes a history and gives findings: no I/O, no clock, no threads")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule whatIsPureNeverAsksForTheTime = noClasses()
            .that()
            .resideInAnyPackage(DECISION, CHECK)
            .should()
            .callMethodWhere(describe("it asks the system for the time", ArchitectureTest::asksForTheTime))
            .allowEmptyShould(true);

    // ---- state

    @ArchTest
    static final ArchRule noStaticFieldIsVariable =
            fields().that().areStatic().should().beFinal().because("several clusters and runs live in one process");

    private static DescribedPredicate<JavaClass> anyOf(Class<?>... types) {
        return JavaClass.Predicates.belongToAnyOf(types);
    }

    private static boolean reachesAMachine(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass())
                .anyMatch(resideInAPackage(STRATEGY + ".host..").or(THE_OUTER_WORLD));
    }

    private static boolean isPrimitive(JavaClass type) {
        return type.getBaseComponentType().isPrimitive();
    }

    private static boolean asksForTheTime(JavaMethodCall call) {
        return call.getTargetOwner().getPackageName().startsWith("java.time")
                && call.getName().equals("now");
    }

    /** Every package is a slice, the root among them. */
    private static SliceAssignment packagesBelow(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                return name.equals(root) || name.startsWith(root + ".")
                        ? SliceIdentifier.of(name)
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of " + root;
            }
        };
    }
}
