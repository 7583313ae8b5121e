package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults in a user's data end one cell with a message that names the place; mended, a retry goes on. */
@Tag("server")
@QuarkusTest
class DataFailuresTest {
    private static final Path ROOT = Path.of("target/test-data");
    private static final String GOOD_TEST = "text\tlabel\nthe cat sleeps\tanimal\nthe rose grows\tplant\n";

    static String workflow(String train, String test) {
        return """
                schema: fewtune/v1
                name: own
                tasks:
                  own:
                    files: { train: %s, test: %s }
                    text: text
                    label: label
                steps:
                  tokenize:
                    uses: tokenize
                    matrix: { task: [own] }
                    with: { backbone: minilm-l6, max_length: 16 }
                  tune:
                    uses: fine-tune
                    needs: [tokenize]
                    matrix: { method: [head-only], task: [own], seed: [1] }
                    with: { epochs: 1, batch_size: 8 }
                  evaluate:
                    uses: evaluate
                    needs: [tune]
                """.formatted(train, test);
    }

    @BeforeEach
    void folder() throws IOException {
        Files.createDirectories(ROOT);
    }

    @Test
    void namesFileAndLineOfARowWithTooFewColumnsAndGoesOnOnceItIsMended() throws IOException {
        write("few-train.tsv", train(40) + "no label here\n");
        write("few-test.tsv", GOOD_TEST);
        long run = Api.start(workflow("few-train.tsv", "few-test.tsv"), Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        JsonPath cell = cell(run, 0);
        assertThat(cell.getString("cause")).isEqualTo("YOURS");
        assertThat(cell.getString("message")).contains("few-train.tsv").contains("42");

        write("few-train.tsv", train(40));
        given().post("/api/runs/" + run + "/retry").then().statusCode(200);
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        assertThat(cell(run, 0).getList("attempts.state")).containsExactly("FAILED", "SUCCEEDED");
    }

    @Test
    void namesALabelOfTestThatTrainLacks() throws IOException {
        write("label-train.tsv", train(40));
        write("label-test.tsv", GOOD_TEST + "granite is hard\tstone\n");
        assertThat(failure("label-train.tsv", "label-test.tsv"))
                .contains("stone")
                .contains("label-test.tsv");
    }

    @Test
    void namesAnEmptyDataSet() throws IOException {
        write("empty-train.tsv", "text\tlabel\n");
        write("empty-test.tsv", GOOD_TEST);
        assertThat(failure("empty-train.tsv", "empty-test.tsv")).contains("empty-train.tsv");
    }

    @Test
    void namesFileAndPlaceOfBytesThatAreNotUtf8() throws IOException {
        Files.write(
                ROOT.resolve("latin-train.tsv"),
                (train(40) + "caf\u00e9\tplant\n").getBytes(StandardCharsets.ISO_8859_1));
        write("latin-test.tsv", GOOD_TEST);
        assertThat(failure("latin-train.tsv", "latin-test.tsv"))
                .contains("latin-train.tsv")
                .contains("UTF-8");
    }

    @Test
    void refusesARankAboveTheMatrixNamingBoth() throws IOException {
        write("rank-train.tsv", train(40));
        write("rank-test.tsv", GOOD_TEST);
        String yaml = workflow("rank-train.tsv", "rank-test.tsv")
                .replace("[head-only]", "[{ big: { method: lora, rank: 500 } }]");
        long run = Api.start(yaml, Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        assertThat(cell(run, 1).getString("message")).contains("500").contains("384");
    }

    @Test
    void countsTextsThatAreCutAndSaysSoOnTheBoard() throws IOException {
        String endless = "word ".repeat(50);
        write("long-train.tsv", train(40) + endless + "\tplant\n");
        write("long-test.tsv", GOOD_TEST + endless + "\tanimal\n");
        long run = Api.start(workflow("long-train.tsv", "long-test.tsv"), Map.of());
        assertThat(Api.ended(run)).isEqualTo("SUCCEEDED");
        assertThat(given().get("/api/runs/" + run + "/leaderboard?format=text").asString())
                .contains("1 of 3 test texts were cut to 16 tokens");
    }

    private static String failure(String train, String test) {
        long run = Api.start(workflow(train, test), Map.of());
        assertThat(Api.ended(run)).isEqualTo("FAILED");
        return given().get("/api/runs/" + run + "/cells?state=failed")
                .jsonPath()
                .getString("items[0].message");
    }

    private static JsonPath cell(long run, int ordinal) {
        return given().get("/api/runs/" + run + "/cells/" + ordinal).jsonPath();
    }

    private static String train(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> i % 2 == 0
                        ? "the dog number %d runs\tanimal".formatted(i)
                        : "the tree number %d grows\tplant".formatted(i))
                .collect(Collectors.joining("\n", "text\tlabel\n", "\n"));
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(ROOT.resolve(name), text);
    }
}
