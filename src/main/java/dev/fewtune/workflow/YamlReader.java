package dev.fewtune.workflow;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads YAML within bounds, or says where and why not. */
final class YamlReader {
    static final int MAX_BYTES = 1 << 20;

    private YamlReader() {}

    /** The tree, or empty where the text is not YAML within the bounds; then a problem says why. */
    static Optional<Tree> read(String text, Source source, Problems problems) {
        if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            problems.add(Mark.START, "too-big", "the text is larger than 1 MiB (1,048,576 bytes)");
            return Optional.empty();
        }
        try {
            return Optional.of(new TreeReader(text, problems).document());
        } catch (Refused refused) {
            problems.add(refused.at(), refused.code(), refused.getMessage());
        } catch (MarkedYamlEngineException broken) {
            Mark at = broken.getProblemMark().map(TreeReader::mark).orElse(Mark.START);
            problems.add(at, "yaml", "broken YAML: " + broken.getProblem(), advice(source, at));
        } catch (YamlEngineException broken) {
            problems.add(
                    Mark.START,
                    "yaml",
                    "broken YAML: " + broken.getMessage().lines().findFirst().orElse(""));
        }
        return Optional.empty();
    }

    private static String advice(Source source, Mark at) {
        String line = at.line() <= source.lines().size() ? source.lines().get(at.line() - 1) : "";
        if (line.contains("${{")) {
            return "put the expression in quotes: \"${{ … }}\"";
        }
        return line.contains("\t") ? "indent with spaces, not with tabs" : "";
    }
}
