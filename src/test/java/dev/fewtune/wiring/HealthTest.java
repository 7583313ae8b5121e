package dev.fewtune.wiring;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
@QuarkusTest
class HealthTest {
    @Inject
    FewtuneConfig config;

    @Test
    void isReadyWhileTheStoreAndTheDatabaseAnswer() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.name", hasItem("store"))
                .body("checks.find { it.name == 'engine' }.status", equalTo("UP"))
                .body("checks.find { it.name == 'engine' }.data.version", containsString("."));
    }

    @Test
    void isNotReadyWhileTheStoreCannotBeWritten() throws IOException {
        Path folder = Files.createDirectories(config.artifactsDir());
        Path aside = folder.resolveSibling("aside");
        Files.move(folder, aside);
        Files.createFile(folder);
        try {
            given().get("/q/health/ready")
                    .then()
                    .statusCode(503)
                    .body("checks.data.fault", hasItem(containsString("The store cannot be written")));
        } finally {
            Files.delete(folder);
            Files.move(aside, folder);
        }
    }
}
