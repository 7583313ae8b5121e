package dev.fewtune.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.fewtune.run.CellState;
import dev.fewtune.run.Runs;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything about one cell on one page. */
@Tag("server")
@QuarkusTest
class CellPageTest {
    @Inject
    Runs runs;

    @AfterEach
    void release() {
        RecordedStep.HELD.clear();
        RecordedStep.BROKEN.clear();
    }

    @Test
    void showsTheEndOfALongLogAndLeadsToWhatCameBefore() {
        String word = IntStream.rangeClosed(1, 1200)
                .mapToObj(i -> "line-%04d.".formatted(i))
                .collect(Collectors.joining("\n"));
        long run = submit(new Plans().cell("a", "light", word, false));
        soon(() -> runs.run(run).state().ended());
        String page = "/runs/" + run + "/cells/0";
        String tail = log(page);
        assertThat(tail).contains("line-1200.").contains("line-0701.").doesNotContain("line-0700.");
        assertThat(tail).contains("?attempt=1&amp;before=701\"");
        String middle = log(page + "?attempt=1&before=701");
        assertThat(middle)
                .contains("line-0700.")
                .contains("line-0201.")
                .doesNotContain("line-0200.")
                .doesNotContain("line-0701.");
        assertThat(middle).contains("?attempt=1&amp;before=201\"").contains("?attempt=1\"");
        String first = log(page + "?attempt=1&before=201");
        assertThat(first).contains("line-0001.").contains("line-0200.").doesNotContain("before=");
    }

    @Test
    void offersTheFolderForPeftWhereThereIsOne() throws Exception {
        long run = submit(new Plans().cell("a", "light", "peft", false).cell("b", "light", "plain", false));
        soon(() -> runs.run(run).state().ended());
        String address = "/api/runs/" + run + "/cells/0/adapter";
        given().get("/runs/" + run + "/cells/0").then().body(containsString("href=\"" + address + "\""));
        byte[] zip = given().get(address)
                .then()
                .statusCode(200)
                .header("Content-Disposition", "attachment; filename=\"adapter-" + run + "-0.zip\"")
                .extract()
                .asByteArray();
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            assertThat(entries.getNextEntry().getName()).isEqualTo("adapter_config.json");
            assertThat(new String(entries.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{}");
            assertThat(entries.getNextEntry()).isNull();
        }
        assertThat(given().get("/runs/" + run + "/cells/1").asString()).doesNotContain("/adapter\"");
        given().get("/api/runs/" + run + "/cells/1/adapter")
                .then()
                .statusCode(404)
                .body(containsString("Cell 1 of run " + run + " has made no folder for PEFT. Maybe"));
    }

    @Test
    void staysWithTheAttemptThatWasAskedForWhileAnotherRuns() throws Exception {
        RecordedStep.BROKEN.add("held");
        long run = submit(new Plans().cell("a", "light", "held", false));
        soon(() -> runs.run(run).state().ended());
        String first = runs.log(run, 0, 1, 0, 1).get(0).at().toString().substring(11, 19);
        Thread.sleep(1100);
        RecordedStep.HELD.add("held");
        RecordedStep.BROKEN.clear();
        runs.retry(run, 0, "test");
        soon(() -> runs.cell(run, 0).state() == CellState.RUNNING
                && !runs.log(run, 0, 2, 0, 1).isEmpty());
        String second = runs.log(run, 0, 2, 0, 1).get(0).at().toString().substring(11, 19);
        String page = "/runs/" + run + "/cells/0";
        given().get(page + "?attempt=1").then().body(containsString("sse-connect=\"" + page + "/live?attempt=1\""));
        given().get(page)
                .then()
                .body(containsString("sse-connect=\"" + page + "/live\""))
                .body(containsString("Log of attempt 2"));
        try (Listener older = Listener.of(page + "/live?attempt=1");
                Listener current = Listener.of(page + "/live")) {
            soon(() -> !older.heard().isEmpty() && !current.heard().isEmpty());
            RecordedStep.HELD.clear();
            soon(() -> older.ended() && current.ended());
            assertThat(text(older)).contains("Log of attempt 1").contains(first).doesNotContain("Log of attempt 2");
            assertThat(text(current))
                    .contains("Log of attempt 2")
                    .contains(second)
                    .doesNotContain("Log of attempt 1");
        }
        given().get(page + "?attempt=3")
                .then()
                .statusCode(404)
                .body(containsString("has no attempt 3; its latest is 2"));
        given().get("/api/runs/" + run + "/cells/0/log?attempt=1")
                .then()
                .body("[0].text", org.hamcrest.Matchers.is("word held"));
    }

    @Test
    void sendsOnlyTheNewLinesOfALog() throws Exception {
        RecordedStep.HELD.add("held");
        long run = submit(new Plans().cell("a", "light", "held", false).cell("b", "light", "sleep", false));
        soon(() -> runs.cell(run, 0).state() == CellState.RUNNING
                && !runs.log(run, 0, 1, 0, 1).isEmpty());
        try (Listener listener = Listener.of("/runs/" + run + "/cells/0/live")) {
            soon(() -> text(listener).contains("word held"));
            RecordedStep.HELD.clear();
            soon(listener::ended);
            assertThat(text(listener).split("word held", -1))
                    .as("the line and what stands around it")
                    .hasSize(2);
        }
        runs.cancel(run, "test");
        soon(() -> runs.run(run).state().ended());
    }

    @Test
    void leadsToTheCellsBeforeAndAfterAndTellsTheSettings() {
        RecordedStep.BROKEN.add("two");
        long run = submit(new Plans()
                .cell("a", "light", "one", false)
                .cell("b", "light", "two", false, 0)
                .cell("c", "light", "three", false, 1));
        soon(() -> runs.run(run).state().ended());
        String cells = "/runs/" + run + "/cells/";
        given().get(cells + 1)
                .then()
                .body(containsString("<a href=\"" + cells + "0\">a[n=0]</a>"))
                .body(containsString("<a href=\"" + cells + "2\">c[n=2]</a>"))
                .body(containsString("<dt>word</dt><dd>two</dd>"))
                .body(containsString("The word two is broken."))
                .body(containsString("yours"))
                .body(containsString("Attempts"));
        given().get(cells + 0)
                .then()
                .body(containsString("word.txt</a>"))
                .body(containsString("3 bytes"))
                .body(containsString("<polyline"))
                .body(not(containsString("Needs</h2>")));
        given().get(cells + 2).then().body(containsString("It has not started yet"));
    }

    @Test
    void drawsTheGridsThatACellLeft() {
        long run = submit(new Plans().cell("a", "light", "grids", false));
        soon(() -> runs.run(run).state().ended());
        given().get("/runs/" + run + "/cells/0")
                .then()
                .body(containsString("<figcaption>Alike</figcaption>"))
                .body(containsString("fill-opacity=\"0.85\"><title>one, one: 1.0</title>"))
                .body(containsString("fill-opacity=\"0.32\"><title>&lt;two&gt;, one: -0.25</title>"))
                .body(containsString(">-0.25</text>"));
    }

    @Test
    void namesOnlySomeOfVeryManyNeeds() {
        Plans plans = new Plans();
        Integer[] all = new Integer[60];
        for (int i = 0; i < all.length; i++) {
            plans.cell("a", "light", "w" + i, false);
            all[i] = i;
        }
        long run = submit(plans.cell("b", "light", "join", false, all));
        String page = given().get("/runs/" + run + "/cells/60").asString();
        assertThat(page)
                .contains(">a[n=0]</a>")
                .contains(">a[n=19]</a>")
                .doesNotContain(">a[n=20]</a>")
                .contains("40 more");
        runs.cancel(run, "test");
        soon(() -> runs.run(run).state().ended());
    }

    private static String log(String path) {
        String page = given().get(path).asString();
        return page.substring(page.indexOf("Log of attempt 1"));
    }

    private long submit(Plans plans) {
        return runs.submit(plans.plan(), "yaml", "test", null);
    }

    private static String text(Listener listener) {
        return listener.heard().stream().map(Listener.Event::data).collect(Collectors.joining());
    }

    private static void soon(Callable<Boolean> holds) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(holds);
    }
}
