package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Boards hold what stands, and say what is still to come. */
@Tag("server")
@QuarkusTest
class BoardsTest {
    private static final String CONTROL = "tfidf-linear";

    @BeforeEach
    void data() throws IOException {
        OwnData.write("board-train.tsv", OwnData.train(40));
        OwnData.write("board-test.tsv", OwnData.GOOD_TEST);
    }

    @Test
    void joinsRunsWithTheirControls() {
        long first = ended(workflow(1));
        long second = ended(workflow(2));
        JsonPath board = board("/api/leaderboard?run=" + first + "&run=" + second);
        assertThat(board.getList("tables")).hasSize(1);
        assertThat(board.getList("tables[0].rows.variant")).contains("head-only", CONTROL, "majority");
        assertThat(board.getInt("tables[0].rows.find { it.variant == 'head-only' }.n"))
                .isEqualTo(2);
        assertThat(board.getList("tables[0].notes").toString()).doesNotContain("aggregate");

        String both = "/api/leaderboard?run=" + first + "&run=" + second;
        given().get(both + "&task=own").then().body("tables.size()", is(1));
        given().get(both + "&task=other").then().body("tables.size()", is(0));
        given().get(both + "&backbone=minilm-l6").then().body("tables.size()", is(1));
        given().get(both + "&backbone=other").then().body("tables.size()", is(0));
        given().get(both + "&format=csv").then().contentType("text/csv").body(containsString(CONTROL));
        given().get(both + "&run=999999").then().statusCode(404).body("detail", containsString("999999"));
    }

    @Test
    void dropsAScoreWhoseCellRanAgainAndFailed() throws IOException {
        long run = ended(workflow(3));
        assertThat(board("/api/runs/" + run + "/leaderboard").getList("tables")).hasSize(1);
        Files.delete(OwnData.ROOT.resolve("board-test.tsv"));
        given().post("/api/runs/" + run + "/cells/2/rerun").then().statusCode(200);
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        assertThat(board("/api/runs/" + run + "/leaderboard").getList("tables")).isEmpty();
        assertThat(board("/api/leaderboard?run=" + run).getList("tables")).isEmpty();
        given().get("/runs/" + run + "/board").then().body(containsString("There are no scores yet"));
    }

    @Test
    void saysThatTheControlComesWithTheBoardThatIsNotMade() {
        String yaml = workflow(4).replace("[head-only]", "[head-only, { big: { method: lora, rank: 500 } }]");
        long run = Api.start(yaml, Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        String note = "Run %d has not made its board; the control row tfidf-linear comes with it.".formatted(run);
        for (String path : new String[] {"/api/runs/" + run + "/leaderboard", "/api/leaderboard?run=" + run}) {
            given().get(path).then().body("tables[0].rows.variant", hasItem("head-only"));
            given().get(path).then().body("tables[0].rows.variant", not(hasItem(CONTROL)));
            given().get(path).then().body("tables[0].notes", hasItem(note));
        }
        given().get("/api/runs/" + run + "/leaderboard?format=text").then().body(containsString("comes with it"));
        given().get("/runs/" + run + "/board").then().body(containsString(note));
    }

    @Test
    void saysThatAWorkflowWithoutABoardHasNoControl() {
        long run = ended(OwnData.workflow("board-train.tsv", "board-test.tsv"));
        given().get("/api/runs/" + run + "/leaderboard")
                .then()
                .body(
                        "tables[0].notes",
                        hasItem("Run %d has no aggregate step, so there is no control row tfidf-linear."
                                .formatted(run)));
    }

    private static String workflow(int seed) {
        return OwnData.workflow("board-train.tsv", "board-test.tsv").replace("seed: [1]", "seed: [%d]".formatted(seed))
                + "  board:\n    uses: aggregate\n    needs: [evaluate]\n";
    }

    private static long ended(String yaml) {
        long run = Api.start(yaml, Map.of());
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        return run;
    }

    private static JsonPath board(String path) {
        return given().get(path).then().statusCode(200).extract().jsonPath();
    }
}
