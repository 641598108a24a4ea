package io.github.pggauntlet.scenarios.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the documentation shows in Java compiles: each block stands in {@link DocumentedExamples}, or is {@link OurFailoverIT}. */
class DocumentedExamplesTest {

    /** The build names the images by their path below the project's root. */
    private static final Path ROOT = Path.of(System.getProperty("gauntlet.images"))
            .toAbsolutePath()
            .normalize()
            .getParent()
            .getParent()
            .getParent();

    private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @TestFactory
    List<DynamicTest> everyBlockCompiles() throws IOException {
        String compiled = source(DocumentedExamples.class) + source(OurFailoverIT.class);
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            Matcher block = BLOCK.matcher(Files.readString(document));
            while (block.find()) {
                String lines = block.group(1);
                tests.add(DynamicTest.dynamicTest(
                        ROOT.relativize(document) + ": "
                                + lines.lines().findFirst().orElse(""),
                        () -> assertThat(compiled).as(lines).contains(withoutSpace(lines))));
            }
        }
        assertThat(tests).as("blocks of Java in the documentation").hasSizeGreaterThan(5);
        return tests;
    }

    @Test
    void theClusterThatIsDescribedIsOneThatTheStrategyTakes() {
        ClusterSpec spec = DocumentedExamples.describe(Credentials.random());
        assertThat(new StreamingStrategy().promises(spec)).isNotNull();
    }

    @Test
    void thePoolTakesItsSettings() {
        DocumentedExamples.byPool(
                        new ClientAccess(List.of(new Endpoint("10.0.0.10", 5432)), "shop", "app", new Secret("secret")))
                .validate();
    }

    private static String source(Class<?> example) throws IOException {
        return withoutSpace(Files.readString(ROOT.resolve("scenarios/src/test/java")
                .resolve(example.getName().replace('.', '/') + ".java")));
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        for (String module : List.of("strategies", "harness", "reports", "scenarios")) {
            Path folder = ROOT.resolve(module).resolve("docs");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(file -> file.toString().endsWith(".md"))
                            .sorted()
                            .forEach(documents::add);
                }
            }
        }
        return documents;
    }

    /** The formatter breaks lines elsewhere, and between the same signs. */
    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
