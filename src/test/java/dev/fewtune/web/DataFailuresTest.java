package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults in a user's data end one cell with a message that names the place; mended, a retry goes on. */
@Tag("server")
@QuarkusTest
class DataFailuresTest {
    @Test
    void namesFileAndLineOfARowWithTooFewColumnsAndGoesOnOnceItIsMended() throws IOException {
        OwnData.write("few-train.tsv", OwnData.train(40) + "no label here\n");
        OwnData.write("few-test.tsv", OwnData.GOOD_TEST);
        long run = Api.start(OwnData.workflow("few-train.tsv", "few-test.tsv"), Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        JsonPath cell = cell(run, 0);
        assertThat(cell.getString("cause")).isEqualTo("YOURS");
        assertThat(cell.getString("message")).contains("few-train.tsv").contains("42");

        OwnData.write("few-train.tsv", OwnData.train(40));
        given().post("/api/runs/" + run + "/retry").then().statusCode(200);
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        assertThat(cell(run, 0).getList("attempts.state")).containsExactly("FAILED", "SUCCEEDED");
    }

    @Test
    void namesALabelOfTestThatTrainLacks() throws IOException {
        OwnData.write("label-train.tsv", OwnData.train(40));
        OwnData.write("label-test.tsv", OwnData.GOOD_TEST + "granite is hard\tstone\n");
        assertThat(failure("label-train.tsv", "label-test.tsv"))
                .contains("stone")
                .contains("label-test.tsv");
    }

    @Test
    void namesAnEmptyDataSet() throws IOException {
        OwnData.write("empty-train.tsv", "text\tlabel\n");
        OwnData.write("empty-test.tsv", OwnData.GOOD_TEST);
        assertThat(failure("empty-train.tsv", "empty-test.tsv")).contains("empty-train.tsv: the data set is empty.");
    }

    @Test
    void namesFileAndPlaceOfBytesThatAreNotUtf8() throws IOException {
        OwnData.write("latin-train.tsv", OwnData.train(40) + "caf\u00e9\tplant\n", StandardCharsets.ISO_8859_1);
        OwnData.write("latin-test.tsv", OwnData.GOOD_TEST);
        assertThat(failure("latin-train.tsv", "latin-test.tsv"))
                .contains("latin-train.tsv")
                .contains("UTF-8");
    }

    @Test
    void refusesARankAboveTheMatrixNamingBoth() throws IOException {
        OwnData.write("rank-train.tsv", OwnData.train(40));
        OwnData.write("rank-test.tsv", OwnData.GOOD_TEST);
        String yaml = OwnData.workflow("rank-train.tsv", "rank-test.tsv")
                .replace("[head-only]", "[{ big: { method: lora, rank: 500 } }]");
        long run = Api.start(yaml, Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        assertThat(cell(run, 1).getString("message")).contains("500").contains("384");
    }

    @Test
    void countsTextsThatAreCutAndSaysSoOnTheBoard() throws IOException {
        String endless = "word ".repeat(50);
        OwnData.write("long-train.tsv", OwnData.train(40) + endless + "\tplant\n");
        OwnData.write("long-test.tsv", OwnData.GOOD_TEST + endless + "\tanimal\n");
        long run = Api.start(OwnData.workflow("long-train.tsv", "long-test.tsv"), Map.of());
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        assertThat(given().get("/api/runs/" + run + "/leaderboard?format=text").asString())
                .contains("1 of 3 test texts were cut to 16 tokens");
    }

    private static String failure(String train, String test) {
        long run = Api.start(OwnData.workflow(train, test), Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        return given().get("/api/runs/" + run + "/cells?state=failed")
                .jsonPath()
                .getString("items[0].message");
    }

    private static JsonPath cell(long run, int ordinal) {
        return given().get("/api/runs/" + run + "/cells/" + ordinal).jsonPath();
    }
}
