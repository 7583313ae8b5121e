package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API refuses, each as a problem document. */
@Tag("server")
@QuarkusTest
class RefusalsTest {
    private static final String PROBLEM = "application/problem+json";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/runs/999999",
                "/api/runs/999999/cells",
                "/api/runs/999999/cells/0",
                "/api/runs/999999/cells/0/log",
                "/api/runs/999999/leaderboard",
                "/api/runs/999999/events",
                "/api/runs/999999/plan"
            })
    void namesAnUnknownRun(String path) {
        given().get(path).then().statusCode(404).contentType(PROBLEM).body("detail", containsString("999999"));
    }

    @Test
    void tellsEveryProblemOfAWorkflowWithItsPlace() {
        given().contentType("application/json")
                .body(Map.of(
                        "workflow", "schema: fewtune/v1\nname: x\nsteps:\n  t:\n    uses: tokenise\n    neds: [a]\n"))
                .post("/api/runs")
                .then()
                .statusCode(422)
                .contentType(PROBLEM)
                .body("problems.line", hasItem(5))
                .body("problems.column", hasItem(11))
                .body("problems.maybe", hasItem(containsString("tokenize")))
                .body("problems.line", hasItem(6));
    }

    @Test
    void namesAnUnknownInput() {
        given().contentType("application/json")
                .body(Map.of("workflow", "small", "inputs", Map.of("epocs", 2)))
                .post("/api/runs")
                .then()
                .statusCode(422)
                .body("problems[0].message", containsString("epocs"))
                .body("problems[0].maybe", containsString("epochs"));
    }

    @Test
    void namesAnInputOfTheWrongType() {
        given().contentType("application/json")
                .body(Map.of("workflow", "small", "inputs", Map.of("epochs", "many")))
                .post("/api/runs")
                .then()
                .statusCode(422)
                .body("problems[0].message", containsString("many"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"wurkflow\": \"small\"}", "null", "{\"workflow\": 3, \"inputs\": 4}"})
    void refusesABodyThatIsNoRequest(String body) {
        given().contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(400)
                .contentType(PROBLEM);
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        given().contentType("application/json")
                .header("Idempotency-Key", "k".repeat(201))
                .body(Map.of("workflow", "small"))
                .post("/api/runs")
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("detail", equalTo("The Idempotency-Key has 201 characters; it must have at most 200."));
    }

    @Test
    void refusesAnUnknownWorkflowNamingTheKnownOnes() {
        given().contentType("application/json")
                .body(Map.of("workflow", "smal"))
                .post("/api/runs")
                .then()
                .statusCode(404)
                .body("detail", containsString("small"));
    }

    @Test
    void refusesWritesFromForeignPages() {
        given().header("Origin", "http://elsewhere.example")
                .post("/api/runs/1/cancel")
                .then()
                .statusCode(403)
                .body("detail", containsString("elsewhere.example"));
    }

    @Test
    void refusesForeignHostNames() {
        for (String path : new String[] {"/api/runs", "/runs", "/style.css", "/q/openapi", "/q/metrics"}) {
            given().header("Host", "elsewhere.example").get(path).then().statusCode(403);
        }
    }

    @Test
    void validatesAWorkflowWithoutRunningIt() {
        given().contentType("application/yaml")
                .body(bytes("schema: fewtune/v1\nname: x\nsteps: {}\n"))
                .post("/api/workflows/validate")
                .then()
                .statusCode(200)
                .body("valid", is(false));
        String small = given().get("/api/workflows/small").jsonPath().getString("yaml");
        given().contentType("application/yaml")
                .body(bytes(small))
                .post("/api/workflows/validate")
                .then()
                .body("valid", is(true))
                .body("plan.cells.size()", is(6));
    }

    @Test
    void keepsVersionsOfAWorkflow() {
        String small = given().get("/api/workflows/small").jsonPath().getString("yaml");
        String other = small.replace("name: small", "name: mine");
        put("mine", other).statusCode(200).body("version", is(1));
        put("mine", other).body("version", is(1));
        put("mine", other + "# more\n").body("version", is(2));
        given().get("/api/workflows/mine").then().body("version", is(2));
        given().get("/api/workflows/mine?version=1")
                .then()
                .body("version", is(1))
                .body("yaml", equalTo(other));
        given().get("/api/workflows/mine?version=3")
                .then()
                .statusCode(404)
                .contentType(PROBLEM)
                .body("detail", equalTo("The workflow mine has no version 3; its newest is 2."));
        given().get("/api/workflows/small?version=0").then().body("version", is(0));
        given().get("/api/workflows/small?version=1")
                .then()
                .statusCode(404)
                .body("detail", containsString("has no version 1"));
        given().get("/api/workflows/nothing?version=1")
                .then()
                .statusCode(404)
                .body("detail", containsString("nothing"));
        given().get("/api/workflows").then().body("name", hasItem("mine")).body("name", hasItem("quickstart"));
        put("mine", "name: broken\n").statusCode(422);
        put("a b", other).statusCode(422).body("detail", containsString("a b"));
    }

    @Test
    void keepsDataFilesOutsideOfItsRootsToItself() {
        String yaml = OwnData.workflow("/etc/passwd.tsv", "test.tsv");
        given().contentType("application/json")
                .body(Map.of("workflow", yaml))
                .post("/api/runs")
                .then()
                .statusCode(422)
                .body("problems[0].message", containsString("outside of the data roots"));
    }

    @Test
    void listsWhatAWorkflowMayName() {
        given().get("/api/methods").then().body("name", hasItem("lora"));
        given().get("/api/backbones").then().body("name", hasItem("minilm-l6"));
        given().get("/api/tasks").then().body("name", hasItem("wordnet-supersense"));
        given().get("/schema/workflow.json").then().statusCode(200).body("title", equalTo("Fewtune workflow"));
        given().get("/q/health/ready").then().statusCode(200);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static io.restassured.response.ValidatableResponse put(String name, String yaml) {
        return given().contentType("application/yaml")
                .body(bytes(yaml))
                .put("/api/workflows/{name}", name)
                .then();
    }
}
