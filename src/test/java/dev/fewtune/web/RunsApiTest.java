package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Runs over HTTP, with a real training of the shipped small workflow. */
@Tag("server")
@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunsApiTest {
    private static final Map<String, Object> QUICK = Map.of("methods", List.of("head-only"));
    private static long run;

    @Test
    @Order(1)
    void runsAWorkflowByItsName() {
        run = Api.start("small", QUICK);
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        assertThat(Api.run(run).getInt("total")).isEqualTo(4);
        assertThat(Api.run(run).getList("steps.name")).containsExactly("tokenize", "tune", "evaluate", "board");
    }

    @Test
    @Order(2)
    void servesTheBoardInEveryFormat() {
        String path = "/api/runs/" + run + "/leaderboard?format=";
        given().get(path + "json").then().statusCode(200).body("tables[0].task", equalTo("wordnet-supersense"));
        given().get(path + "csv").then().statusCode(200).contentType("text/csv").body(containsString("head-only"));
        given().get(path + "markdown").then().body(containsString("| head-only"));
        given().get(path + "latex").then().body(containsString("\\begin{tabular}"));
        given().get(path + "text").then().body(containsString("tfidf-linear"));
        given().get(path + "xml").then().statusCode(400).body("detail", containsString("[text, json, csv"));
    }

    @Test
    @Order(2)
    void asksWhichRunsABoardShallJoin() {
        given().get("/api/leaderboard").then().statusCode(400).body("detail", containsString("run=1"));
    }

    @Test
    @Order(2)
    void servesCellsWithTheirLogCurvesAndFiles() {
        String cells = "/api/runs/" + run + "/cells";
        given().get(cells + "?step=tune&state=succeeded")
                .then()
                .statusCode(200)
                .body("items.key", contains("tune[method=head-only,task=wordnet-supersense,seed=1]"));
        given().get(cells + "/1").then().body("attempts.size()", is(1)).body("files", hasKey("adapter.safetensors"));
        given().get(cells + "/1/log").then().body("text", hasItem(startsWith("head-only on minilm-l6")));
        given().get(cells + "/1/log?after=1").then().body("sequence", everyItem(greaterThan(1)));
        given().get(cells + "/1/log?limit=1").then().body("sequence", contains(1));
        given().get(cells + "/1/log?attempt=1&limit=1").then().body("sequence", contains(1));
        given().get(cells + "/1/log?attempt=7")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("detail", containsString("has no attempt 7; its latest is 1"));
        given().get(cells + "/1/log?limit=1001").then().statusCode(400);
        given().get(cells + "/1/metrics?attempt=7").then().statusCode(404);
        given().get(cells + "/1/artifacts").then().body("", hasKey("train.json"));
        given().get(cells + "/1/metrics").then().body("loss.size()", is(10)).body("", hasKey("accuracy"));
        given().get(cells + "/1/artifacts/train.json")
                .then()
                .statusCode(200)
                .header("Content-Disposition", "attachment; filename=\"train.json\"")
                .header("Content-Security-Policy", startsWith("sandbox"))
                .header("X-Content-Type-Options", "nosniff");
        given().get(cells + "/1/artifacts/../secret").then().statusCode(404);
        given().get(cells + "/1/artifacts/nothing")
                .then()
                .statusCode(404)
                .body("detail", containsString("adapter.safetensors"));
    }

    @Test
    @Order(2)
    void handsOutTheMergedNetworkOfACellAndSaysWhereThereIsNone() throws IOException {
        String cells = "/api/runs/" + run + "/cells";
        byte[] zip = given().get(cells + "/1/merged")
                .then()
                .statusCode(200)
                .header("Content-Disposition", "attachment; filename=\"merged-" + run + "-1.zip\"")
                .extract()
                .asByteArray();
        List<String> names = new ArrayList<>();
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names)
                .containsExactly("README.md", "config.json", "head.safetensors", "model.safetensors", "tokenizer.json");
        given().get(cells + "/0/merged")
                .then()
                .statusCode(422)
                .body("detail", startsWith("The cell has trained nothing that could be merged."));
        given().get(cells + "/99/merged").then().statusCode(404);
    }

    @Test
    @Order(2)
    void keepsTheTextAndThePlanOfARun() {
        String small = given().get("/api/workflows/small").jsonPath().getString("yaml");
        String text = given().get("/api/runs/" + run + "/workflow")
                .then()
                .statusCode(200)
                .contentType("application/yaml")
                .extract()
                .asString();
        assertThat(text).isEqualTo(small);
        given().get("/api/runs/" + run + "/plan")
                .then()
                .statusCode(200)
                .body("inputs.methods", contains("head-only"))
                .body("cells.key", hasItem("tune[method=head-only,task=wordnet-supersense,seed=1]"))
                .body("cells[1].needs", contains(0));
    }

    @Test
    void startsARunFromAYamlBody() {
        String yaml = given().get("/api/workflows/small").jsonPath().getString("yaml");
        int id = given().contentType("application/yaml")
                .body(yaml.getBytes(StandardCharsets.UTF_8))
                .post("/api/runs")
                .then()
                .statusCode(201)
                .header("Location", containsString("/api/runs/"))
                .extract()
                .path("id");
        given().get("/api/runs/" + id + "/workflow").then().body(equalTo(yaml));
        given().post("/api/runs/" + id + "/cancel").then().statusCode(200);
        Api.ended(id);
        given().contentType("text/yaml")
                .body("name: broken\n".getBytes(StandardCharsets.UTF_8))
                .post("/api/runs")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("problems.size()", greaterThan(0));
    }

    @Test
    @Order(2)
    void pagesThroughCellsByTheirOrdinal() {
        String cells = "/api/runs/" + run + "/cells?limit=3";
        given().get(cells).then().body("items.ordinal", contains(0, 1, 2)).body("next", is(2));
        given().get(cells + "&after=2")
                .then()
                .body("items.ordinal", contains(3))
                .body("next", is((Object) null));
        given().get("/api/runs/" + run + "/cells?limit=0").then().statusCode(400);
    }

    @Test
    @Order(2)
    void refusesToRetryWhatSucceededNamingItsState() {
        given().post("/api/runs/" + run + "/cells/1/retry")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("detail", containsString("SUCCEEDED"));
        given().post("/api/runs/" + run + "/retry").then().statusCode(409);
    }

    @Test
    @Order(2)
    void endsTheEventsOfAnEndedRun() {
        String events = given().get("/api/runs/" + run + "/events").asString();
        assertThat(events)
                .contains("event:run")
                .contains("\"state\":\"SUCCEEDED\"")
                .contains("event:end");
    }

    @Test
    @Order(3)
    void rerunsAnEndedCellAndWhatDependsOnIt() {
        given().post("/api/runs/" + run + "/cells/2/rerun").then().statusCode(200);
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        given().get("/api/runs/" + run + "/cells/2").then().body("attempts.size()", is(2));
        given().get("/api/runs/" + run + "/cells/1").then().body("attempts.size()", is(1));
    }

    @Test
    void cancelsARunAndStopsItsTraining() {
        long long_ = Api.start("small", Map.of("epochs", 500, "methods", List.of("head-only")));
        String training = "/api/runs/" + long_ + "/cells/1";
        await().atMost(Duration.ofMinutes(2))
                .until(() -> given().get(training + "/metrics").jsonPath().getList("loss") != null);
        given().get(training).then().body("state", equalTo("RUNNING"));
        given().post("/api/runs/" + long_ + "/cancel").then().statusCode(200);
        assertThat(Api.ended(long_)).isEqualTo("CANCELLED");
        given().get(training)
                .then()
                .body("state", equalTo("CANCELLED"))
                .body("attempts.state", contains("CANCELLED"))
                .body("progress", lessThan(1f));
        given().get("/api/runs?state=cancelled").then().body("items.state", everyItem(equalTo("CANCELLED")));
    }

    @Test
    void answersTheSameRunForTheSameIdempotencyKey() {
        long first = keyed("one", "small");
        assertThat(keyed("one", "small")).isEqualTo(first);
        given().contentType("application/json")
                .header("Idempotency-Key", "one")
                .body(Map.of("workflow", "quickstart"))
                .post("/api/runs")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("detail", containsString("run " + first));
        given().contentType("application/json")
                .header("Idempotency-Key", "one")
                .body(Map.of("workflow", "small", "inputs", Map.of("epochs", 2)))
                .post("/api/runs")
                .then()
                .statusCode(409)
                .body("detail", containsString("run " + first));
        given().post("/api/runs/" + first + "/cancel");
        Api.ended(first);
    }

    @Test
    void listsRunsNewestFirstInPages() {
        long first = Api.start("small", QUICK);
        long second = Api.start("small", QUICK);
        given().get("/api/runs?limit=1")
                .then()
                .body("items.id", contains((int) second))
                .body("next", is((int) second));
        given().get("/api/runs?limit=1&after=" + second).then().body("items.id", contains((int) first));
        given().get("/api/runs?workflow=nothing").then().body("items.size()", is(0));
        given().get("/api/runs?state=odd").then().statusCode(400).body("detail", containsString("CANCELLED"));
        for (long id : List.of(first, second)) {
            given().post("/api/runs/" + id + "/cancel").then().body("state", not(equalTo("RUNNING")));
            Api.ended(id);
        }
    }

    @Test
    void retriesOneCell() throws IOException {
        OwnData.write("retry-train.tsv", OwnData.train(40));
        OwnData.write("retry-test.tsv", "text\tlabel\n");
        long id = Api.start(OwnData.workflow("retry-train.tsv", "retry-test.tsv"), Map.of());
        assertThat(Api.ended(id)).isEqualTo("FAILED");
        OwnData.write("retry-test.tsv", OwnData.GOOD_TEST);
        given().post("/api/runs/" + id + "/cells/2/retry")
                .then()
                .statusCode(200)
                .body("ordinal", is(2));
        assertThat(Api.ended(id)).isEqualTo("SUCCEEDED");
        given().get("/api/runs/" + id + "/cells/2").then().body("attempts.state", contains("FAILED", "SUCCEEDED"));
        given().get("/api/runs/" + id + "/cells/1").then().body("attempts.size()", is(1));
    }

    private static long keyed(String key, String workflow) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(Map.of("workflow", workflow))
                .post("/api/runs")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getLong("id");
    }
}
