package dev.fewtune.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.wiring.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeSettingsTest {
    private static final Pattern SECTION = Pattern.compile("(?ms)^## Settings$(.*?)^## ");
    private static final Pattern NAME = Pattern.compile("`([A-Z]+_[A-Z_]+[A-Z])`");

    @Test
    void listsEverySettingOfTheProgram() throws IOException {
        assertThat(named()).containsAll(Environment.names()).contains("DB_URL", "DB_USER", "DB_PASSWORD");
    }

    @Test
    void listsNoSettingThatNothingReads() throws IOException {
        SettingNames known = SettingNames.read();

        assertThat(named()).allMatch(known::contain, "is a setting of the program");
    }

    @Test
    void aNameInACommentIsNoSetting(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yaml"), """
                # FEWTUNE_GHOST: ${FEWTUNE_GHOST:1}
                quarkus:
                  port: ${QUARKUS_HTTP_PORT:1} # ${FEWTUNE_SHADOW:2}
                """);
        SettingNames known = SettingNames.of(file);

        assertThat(known.contain("QUARKUS_HTTP_PORT")).isTrue();
        assertThat(known.contain("FEWTUNE_GHOST")).isFalse();
        assertThat(known.contain("FEWTUNE_SHADOW")).isFalse();
        assertThat(known.contain("FEWTUNE_HOME")).isTrue();
    }

    private static List<String> named() throws IOException {
        String rows = SECTION.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(section -> section.group(1))
                .findFirst()
                .orElseThrow()
                .lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1])
                .reduce("", String::concat);
        return NAME.matcher(rows).results().map(name -> name.group(1)).toList();
    }
}
