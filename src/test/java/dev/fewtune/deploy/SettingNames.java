package dev.fewtune.deploy;

import dev.fewtune.wiring.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The settings that the program reads.
 *
 * @param variables of the environment
 * @param properties set in application.yaml
 */
record SettingNames(Set<String> variables, Set<String> properties) {
    private static final Path RESOURCE = Path.of("src/main/resources/application.yaml");
    private static final Pattern READ = Pattern.compile("\\$\\{([A-Z_]+)[:}]");

    static SettingNames read() throws IOException {
        return of(RESOURCE);
    }

    static SettingNames of(Path configuration) throws IOException {
        Set<String> variables = new TreeSet<>(Environment.names());
        String withoutComments = Files.readString(configuration).replaceAll("(?m)(^|\\s)#.*$", "");
        READ.matcher(withoutComments).results().forEach(variable -> variables.add(variable.group(1)));
        return new SettingNames(variables, YamlFile.properties(configuration));
    }

    /** By the name of the environment variable, or by the property that it stands for. */
    boolean contain(String variable) {
        return variables.contains(variable)
                || properties.contains(variable.toLowerCase(Locale.ROOT).replace('_', '.'));
    }
}
