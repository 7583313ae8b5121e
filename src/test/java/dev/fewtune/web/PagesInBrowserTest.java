package dev.fewtune.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.run.CellState;
import dev.fewtune.run.Runs;
import dev.fewtune.testing.Plans;
import dev.fewtune.testing.RecordedStep;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages, as a browser with JavaScript shows them. */
@Tag("server")
@QuarkusTest
class PagesInBrowserTest {
    private static final int PHONE = 390;
    private static final int DESK = 1280;
    private static final String WATCH_JUMPS = """
            window.jumps = 0;
            new PerformanceObserver(list => list.getEntries().forEach(e => window.jumps += e.value))
                .observe({ type: 'layout-shift', buffered: false });
            """;

    @Inject
    Runs runs;

    @BeforeEach
    void browser() {
        assumeTrue(
                Browser.isHere(),
                "The pages are looked at with Chromium; install chromium and chromedriver to run this test.");
    }

    @AfterEach
    void release() {
        RecordedStep.HELD.clear();
    }

    @Test
    void showsTheStatesOfARunAsTheyChange() throws Exception {
        long run = held();
        try (Browser browser = Browser.open(DESK)) {
            browser.go(address("/runs/" + run));
            browser.run(WATCH_JUMPS);
            soon(() -> browser.text("[sse-swap=\"cell-1\"] .state").equals("running"));
            assertThat(browser.text("[sse-swap=\"cell-2\"] .state")).isEqualTo("waiting");
            assertThat(browser.text("h1 .state")).isEqualTo("running");
            RecordedStep.HELD.clear();
            soon(() -> browser.text("h1 .state").equals("succeeded"));
            assertThat(browser.text("[sse-swap=\"cell-1\"] .state")).isEqualTo("succeeded");
            assertThat(browser.text("[sse-swap=\"cell-2\"] .state")).isEqualTo("succeeded");
            assertThat(browser.text("[sse-swap=\"meta\"]")).startsWith("3 of 3 cells ended");
            assertThat(browser.text("[sse-swap=\"step-2\"]")).contains("1/1").contains("100 %");
            assertThat(browser.text("[sse-swap=\"head\"]"))
                    .contains("Run again")
                    .doesNotContain("Cancel");
            assertThat(browser.run("return window.jumps;").asDouble())
                    .as("0 where nothing moved, and undefined after a reload")
                    .isLessThan(0.02);
            assertThat(browser.run("return typeof window.jumps;").asText()).isEqualTo("number");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void showsTheLogOfACellAsItGrows() throws Exception {
        long run = held();
        try (Browser browser = Browser.open(DESK)) {
            browser.go(address("/runs/" + run + "/cells/2"));
            browser.run("window.here = true;");
            assertThat(browser.text("[sse-swap=\"log\"]")).contains("Nothing was logged");
            RecordedStep.HELD.clear();
            soon(() -> browser.text("[sse-swap=\"log\"]").contains("word last"));
            soon(() -> browser.text("[sse-swap=\"state\"] .state").equals("succeeded"));
            soon(() -> browser.text("[sse-swap=\"verbs\"]").contains("Rerun from here"));
            assertThat(browser.text("[sse-swap=\"made\"]")).contains("word.txt");
            assertThat(browser.text("[sse-swap=\"around\"] .state")).isEqualTo("succeeded");
            assertThat(browser.run("return window.here === true;").asBoolean()).isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void plansANewRunWhileItsFormIsFilled() throws Exception {
        try (Browser browser = Browser.open(DESK)) {
            browser.go(address("/new?workflow=small"));
            assertThat(browser.text("#plan summary")).isEqualTo("6 cells");
            browser.run("const e = document.querySelector('[name=\"input.seeds\"]'); e.value = '1, 2';"
                    + " e.dispatchEvent(new Event('change', { bubbles: true }));");
            soon(() -> browser.text("#plan summary").equals("10 cells"));
            browser.run("const e = document.querySelector('[name=\"input.epochs\"]'); e.value = '-1';"
                    + " e.dispatchEvent(new Event('change', { bubbles: true }));");
            soon(() -> browser.text("#plan .problem").contains("-1"));
            browser.run("const e = document.querySelector('[name=\"input.seeds\"]'); e.value = 'x';"
                    + " e.dispatchEvent(new Event('change', { bubbles: true }));");
            soon(() -> browser.text("#problems-seeds .problem").contains("'x'"));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void fitsOnAPhone() throws Exception {
        long run = held();
        try (Browser browser = Browser.open(PHONE)) {
            for (String path : new String[] {
                "/runs",
                "/new",
                "/new?workflow=quickstart",
                "/methods",
                "/runs/" + run,
                "/runs/" + run + "/board",
                "/runs/" + run + "/cells/1",
                "/runs/999999",
                "/login"
            }) {
                browser.go(address(path));
                assertThat(browser.run("return document.documentElement.scrollWidth;")
                                .asInt())
                        .as("width of %s", path)
                        .isLessThanOrEqualTo(PHONE);
            }
        }
        RecordedStep.HELD.clear();
        soon(() -> runs.run(run).state().ended());
    }

    /** A run whose second cell runs until it is let go. */
    private long held() {
        RecordedStep.HELD.add("held");
        long run = runs.submit(
                new Plans()
                        .cell("a", "light", "one", false)
                        .cell("b", "light", "held", false, 0)
                        .cell("c", "light", "last", false, 1)
                        .plan(),
                "yaml",
                "test",
                null);
        soon(() -> runs.cell(run, 1).state() == CellState.RUNNING);
        return run;
    }

    private static String address(String path) {
        return "http://localhost:" + RestAssured.port + path;
    }

    private static void soon(Callable<Boolean> holds) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(holds);
    }
}
