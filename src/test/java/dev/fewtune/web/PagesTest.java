package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages, as a browser without JavaScript sees them. */
@Tag("server")
@QuarkusTest
class PagesTest {
    private static final String COOKIE = "fewtune-csrf";

    @Test
    void makesAFormFromTheInputsOfAWorkflow() {
        String page = given().get("/new?workflow=small")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(page)
                .contains("name=\"input.epochs\" value=\"1\"")
                .contains("value=\"lora\" checked")
                .contains("name=\"input.seeds\" value=\"1\"")
                .contains("6 cells");
    }

    @Test
    void showsAProblemAtItsField() {
        Response answer = form().formParam("name", "small")
                .formParam("yaml", yaml())
                .formParam("input.epochs", "many")
                .formParam("action", "run")
                .post("/new");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.asString())
                .contains("<div id=\"problems-epochs\"><p class=\"problem\">")
                .contains("many")
                .contains("value=\"many\"");
    }

    @Test
    void showsTheProblemsOfAnEditedWorkflowWithTheirPlace() {
        Response answer = form().formParam("name", "small")
                .formParam("yaml", yaml().replace("uses: tokenize", "uses: tokenise"))
                .formParam("action", "plan")
                .post("/new");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.asString()).contains("tokenise").contains("Maybe: tokenize");
    }

    @Test
    void startsARunWatchesItsPagesAndRunsItAgain() {
        Response answer = form().formParam("name", "small")
                .formParam("yaml", yaml())
                .formParam("input.methods", List.of("head-only"))
                .formParam("input.seeds", "1")
                .formParam("input.epochs", "1")
                .formParam("action", "run")
                .redirects()
                .follow(false)
                .post("/new");
        assertThat(answer.statusCode()).isEqualTo(303);
        String path = answer.header("Location").replaceFirst("http://[^/]+", "");
        long run = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
        given().get(path).then().statusCode(200).body(containsString("sse-connect=\"" + path + "/live"));
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");

        given().get("/runs").then().body(containsString(path));
        given().get(path).then().body(containsString("4 of 4 cells ended")).body(not(containsString("sse-connect")));
        given().get(path + "?step=tune&state=failed").then().body(containsString("No cells here"));
        given().get(path + "/board")
                .then()
                .body(containsString("tfidf-linear"))
                .body(containsString("leaderboard?format=latex"));
        given().get(path + "/cells/1")
                .then()
                .body(containsString("<polyline"))
                .body(containsString("adapter.safetensors"))
                .body(containsString("head-only on minilm-l6"));
        assertThat(given().get(path + "/live").asString())
                .contains("event:head")
                .contains("event:end");
        assertThat(given().get(path + "/cells/1/live").asString())
                .contains("event:log")
                .contains("head-only on minilm-l6")
                .contains("event:end");
        given().get(path + "/cells/0")
                .then()
                .body(containsString("WordNet 3.1"))
                .body(containsString("<dt>Classes</dt><dd>24"))
                .body(containsString("<dt>Train</dt><dd>300"))
                .body(containsString("<dt>Validation</dt><dd>100"))
                .body(containsString("Most frequent class"));
        given().get(path + "/cells/1").then().body(not(containsString("Most frequent class")));

        assertThat(form().redirects()
                        .follow(false)
                        .post(path + "/cells/3/rerun")
                        .header("Location"))
                .endsWith(path + "/cells/3");
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        given().get(path + "/cells/3").then().body(containsString("?attempt=2"));
        given().get(path).then().body(containsString("<dt>rerun</dt>"));

        Response again = form().redirects().follow(false).post(path + "/again");
        assertThat(again.statusCode()).isEqualTo(303);
        String second = again.header("Location").replaceFirst("http://[^/]+", "");
        assertThat(second).isNotEqualTo(path);
        assertThat(form().redirects().follow(false).post(second + "/cancel").statusCode())
                .isEqualTo(303);
        Api.ended(Long.parseLong(second.substring(second.lastIndexOf('/') + 1)));
        given().get(second).then().body(containsString("Retry what failed")).body(containsString("<dt>cancel</dt>"));
    }

    @Test
    void retriesOneCellFromItsPageAndNamesItAmongTheActs() throws IOException {
        OwnData.write("page-train.tsv", "text\tlabel\n");
        OwnData.write("page-test.tsv", OwnData.GOOD_TEST);
        long run = Api.start(OwnData.workflow("page-train.tsv", "page-test.tsv"), Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        given().get("/runs/" + run + "/cells/0").then().body(containsString(">Retry<"));
        OwnData.write("page-train.tsv", OwnData.train(40));
        Response answer = form().redirects().follow(false).post("/runs/" + run + "/cells/0/retry");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/runs/" + run + "/cells/0");
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        given().get("/runs/" + run)
                .then()
                .body(containsString("<dt>retry</dt>"))
                .body(containsString(">cell 0</a>"));
    }

    @Test
    void refusesAFormWithoutItsSecret() {
        given().contentType("application/x-www-form-urlencoded")
                .formParam("action", "run")
                .post("/new")
                .then()
                .statusCode(403)
                .body(containsString("came from elsewhere"));
        given().post("/runs/1/cancel").then().statusCode(403);
    }

    @Test
    void saysWhatIsNotThere() {
        given().get("/runs/999999")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("There is no run 999999"));
        given().get("/runs?state=odd").then().statusCode(400);
        given().get("/nothing").then().statusCode(404);
        given().get("/new?workflow=nothing").then().statusCode(404);
    }

    @Test
    void namesMethodsWithTheirPapers() {
        given().get("/methods")
                .then()
                .statusCode(200)
                .body(containsString("Hu"))
                .body(containsString("Two thin matrices at each map."))
                .body(containsString("Legal: 1 to 1024."))
                .body(containsString("It can be merged into the pretrained weights."));
    }

    @Test
    void servesItsAssetsItself() {
        String page = given().get("/runs").asString();
        assertThat(page).doesNotContain("https://");
        for (String asset : List.of(
                "/style.css", "/icon.svg", "/webjars/htmx.org/dist/htmx.min.js", "/webjars/htmx-ext-sse/sse.js")) {
            given().get(asset).then().statusCode(200);
        }
    }

    @Test
    void escapesWhatUsersWrite() {
        String evil = yaml().replace("description: ", "description: <script>alert(1)</script> ");
        long run = Api.start(evil, Map.of());
        given().get("/runs/" + run)
                .then()
                .body(not(containsString("<script>alert")))
                .body(containsString("&lt;script&gt;"));
        given().post("/api/runs/" + run + "/cancel");
        Api.ended(run);
    }

    private static RequestSpecification form() {
        String token = given().get("/new").cookie(COOKIE);
        return given().contentType("application/x-www-form-urlencoded")
                .cookie(COOKIE, token)
                .formParam("csrf", token);
    }

    private static String yaml() {
        return given().get("/api/workflows/small").jsonPath().getString("yaml");
    }
}
