package io.github.pggauntlet.reports;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import io.github.pggauntlet.harness.history.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a run's {@code report.html}: one file that needs no network, and whose essentials need no script.
 *
 * <p>Whatever the run's texts hold stays text: the template escapes what stands in the page, the model's JSON holds no
 * {@code <}, and the page's own policy lets no script run but the one of this class. Immutable and safe for use by several
 * threads.
 */
public final class HtmlReport {

    private final JsonMapper mapper = new JsonMapper();
    private final Mustache template;
    private final String style;
    private final String script;
    private final String scriptHash;

    /** Reads the template. */
    public HtmlReport() {
        this.template = new DefaultMustacheFactory().compile(new StringReader(resource("report.mustache")), "report");
        this.style = resource("report.css");
        this.script = resource("report.js");
        this.scriptHash = sha256(script);
    }

    /**
     * What the template is given. The first four are put in as they are.
     *
     * @param style the style sheet
     * @param script the script
     * @param scriptHash the script's hash for the page's policy
     * @param json the model, harmless within a script element
     * @param page everything else, to be escaped
     */
    record Frame(String style, String script, String scriptHash, String json, Page page) {}

    /** The page for a run. */
    public String render(ReportModel model) {
        Writer out = new StringWriter();
        template.execute(out, new Frame(style, script, scriptHash, json(model), Page.of(model)));
        return out.toString();
    }

    /**
     * Reads a run's folder and writes the page into it.
     *
     * @return where the page is
     * @throws io.github.pggauntlet.harness.history.DamagedRunException if the folder cannot be read
     * @throws IOException if the page cannot be written
     */
    public Path write(RunFolder folder) throws IOException {
        return write(folder, RunReport.read(folder));
    }

    /**
     * Writes the page for a run whose folder has been read into it. A page that is there already is replaced.
     *
     * @return where the page is
     * @throws IOException if the page cannot be written
     */
    public Path write(RunFolder folder, ReportModel model) throws IOException {
        Path report = folder.report();
        // Not by way of a second file: a run's folder holds nothing but the files of a run, also if this is killed.
        Files.writeString(report, render(model));
        return report;
    }

    private String json(ReportModel model) {
        return mapper.writeValueAsString(model)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String resource(String name) {
        try (@Nullable InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is not in this program's jar.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
