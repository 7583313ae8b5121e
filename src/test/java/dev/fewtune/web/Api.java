package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.Map;

/** Calls that several tests make. */
final class Api {
    private Api() {}

    /** Starts a workflow by its name or its YAML. */
    static long start(String workflow, Map<String, Object> inputs) {
        return given().contentType("application/json")
                .body(Map.of("workflow", workflow, "inputs", inputs))
                .post("/api/runs")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getLong("id");
    }

    static JsonPath run(long id) {
        return given().get("/api/runs/" + id).then().statusCode(200).extract().jsonPath();
    }

    static String ended(long id) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !run(id).getString("state").matches("RUNNING|CANCELLING"));
        return run(id).getString("state");
    }
}
