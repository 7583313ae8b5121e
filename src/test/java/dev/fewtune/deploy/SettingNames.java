package dev.fewtune.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings that the program reads.
 *
 * @param properties set in application.yaml
 * @param texts of application.yaml and of the class that describes the settings
 */
record SettingNames(Set<String> properties, String texts) {
    private static final Path RESOURCE = Path.of("src/main/resources/application.yaml");
    private static final Path CLASS = Path.of("src/main/java/dev/fewtune/wiring/FewtuneConfig.java");

    static SettingNames read() throws IOException {
        return new SettingNames(YamlFile.properties(RESOURCE), Files.readString(RESOURCE) + Files.readString(CLASS));
    }

    /** By the name of the environment variable, or by the property that it stands for. */
    boolean contain(String variable) {
        String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
        return properties.contains(property) || stands(variable) || stands(property);
    }

    private boolean stands(String name) {
        return Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w]|\\.\\w)")
                .matcher(texts)
                .find();
    }
}
