package dev.fewtune.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of shipped workflows names what is there. */
class ShippedTest {
    @Test
    void namesEveryFileOfTheFolder() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("workflows"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .toList();
            assertThat(Shipped.NAMES).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void packsTheTextOfEach() throws IOException {
        for (String name : Shipped.NAMES) {
            assertThat(Shipped.find(name)).hasValue(Files.readString(Path.of("workflows", name + ".yaml")));
        }
        assertThat(Shipped.find("nothing")).isEmpty();
    }
}
