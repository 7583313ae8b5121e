package dev.fewtune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.step.Catalogs;
import dev.fewtune.workflow.Planner;
import dev.fewtune.workflow.Reading;
import dev.fewtune.workflow.WorkflowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)\\)");

    @Test
    void everyYamlBlockParses() throws IOException {
        List<String> blocks = blocks();

        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            assertThat(new Load(LoadSettings.builder().build()).loadFromString(block))
                    .isInstanceOf(Map.class);
        }
    }

    @Test
    void everyWorkflowInItCanBePlanned() throws IOException {
        List<String> workflows =
                blocks().stream().filter(block -> block.startsWith("schema:")).toList();

        assertThat(workflows).isNotEmpty();
        for (String workflow : workflows) {
            Reading reading = new WorkflowReader(Catalogs.builtIn()).read("README.md", workflow, Path.of(""));
            assertThat(reading.problems()).isEmpty();
            assertThat(new Planner(Catalogs.builtIn())
                            .plan(reading.workflow(), Map.of())
                            .plan()
                            .cells())
                    .isNotEmpty();
        }
    }

    @Test
    void givesTheCommandsThatBuildAndTest() throws IOException {
        assertThat(readme())
                .contains("```sh\n./mvnw verify\n```")
                .contains(
                        "./mvnw -q -DskipTests package && java -jar target/quarkus-app/quarkus-run.jar run workflows/quickstart.yaml");
    }

    @Test
    void everyFileItLinksToExists() throws IOException {
        List<String> files =
                LINK.matcher(readme()).results().map(match -> match.group(1)).toList();

        assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(Path.of(file))
                .exists());
    }

    private static List<String> blocks() throws IOException {
        return BLOCK.matcher(readme()).results().map(ReadmeTest::body).toList();
    }

    private static String body(MatchResult block) {
        return block.group(1);
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
