package dev.fewtune;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each wall holds in the product, and falls in the fixtures under {@code dev.fewtune.rooms}, which break it. */
class RoomsTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fewtune");
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("dev.fewtune.rooms");
    private static final Rooms ROOMS = new Rooms("dev.fewtune");
    private static final Rooms BROKEN_ROOMS = new Rooms("dev.fewtune.rooms");
    private static final String[] TENSORFLOW = {"graft", "backbone", "method", "train"};

    @Test
    void everyRoomImportsOnlyWhatTheDesignAllows() {
        assertThat(Rooms.names()).allSatisfy(room -> holds(ROOMS.imports(room)));
        assertThat(Rooms.names())
                .filteredOn(room -> !room.equals("wiring"))
                .allSatisfy(room -> falls(BROKEN_ROOMS.imports(room)));
    }

    @Test
    void methodsAndBackbonesNeverMeet() {
        assertThat(BROKEN_ROOMS
                        .imports("method")
                        .evaluate(BROKEN)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(line -> line.contains("rooms.backbone.Imports"));
        assertThat(BROKEN_ROOMS
                        .imports("backbone")
                        .evaluate(BROKEN)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(line -> line.contains("rooms.method.Imports"));
        holds(ROOMS.imports("method"));
        holds(ROOMS.imports("backbone"));
    }

    @Test
    void onlyTheQueueKnowsJobRunr() {
        holds(ROOMS.onlyImport("org.jobrunr", "queue"));
        falls(BROKEN_ROOMS.onlyImport("org.jobrunr", "queue"));
    }

    @Test
    void onlyTheEngineKnowsTensorFlow() {
        holds(ROOMS.onlyImport("org.tensorflow", TENSORFLOW));
        falls(BROKEN_ROOMS.onlyImport("org.tensorflow", TENSORFLOW));
    }

    @Test
    void whatMayBeSaidIsPlainJava() {
        holds(ROOMS.isPlain("spec"));
        falls(BROKEN_ROOMS.isPlain("spec"));
    }

    @Test
    void wiringIsImportedByNobody() {
        holds(ROOMS.wiringIsImportedByNobody());
        falls(BROKEN_ROOMS.wiringIsImportedByNobody());
    }

    @Test
    void roomsHaveNoCycles() {
        holds(ROOMS.haveNoCycles());
        falls(BROKEN_ROOMS.haveNoCycles());
    }

    @Test
    void everyClassStandsInARoom() {
        holds(ROOMS.holdEveryClass());
        falls(BROKEN_ROOMS.holdEveryClass());
    }

    @Test
    void everyPackageHasASign(@TempDir Path folder) throws IOException {
        Path unsigned = Files.createDirectories(folder.resolve("dev/unsigned"));
        Files.createFile(unsigned.resolve("Thing.java"));
        assertThat(Rooms.withoutSign(folder)).containsExactly(unsigned);

        assertThat(Rooms.withoutSign(Path.of("src/main/java"))).isEmpty();
    }

    private static void holds(ArchRule rule) {
        rule.check(PRODUCT);
    }

    private static void falls(ArchRule rule) {
        assertThat(rule.evaluate(BROKEN).hasViolation())
                .as("the fixtures break: %s", rule.getDescription())
                .isTrue();
    }
}
