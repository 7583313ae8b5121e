package dev.fewtune.wiring;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.fewtune.db.MariaDbServer;
import dev.fewtune.testing.OnMariaDb;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("server")
@QuarkusTest
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = MariaDbServer.ELSEWHERE)
@TestProfile(OnMariaDb.class)
class HealthOnMariaDbTest {
    MariaDbServer server;

    @Test
    void isNotReadyWhileTheDatabaseIsAway() {
        given().get("/q/health/ready").then().statusCode(200);
        server.stop();
        try {
            given().get("/q/health/ready").then().statusCode(503);
        } finally {
            server.startAgain();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
    }
}
