package dev.fewtune.leaderboard;

import static dev.fewtune.leaderboard.ScoreFixture.headOnly;
import static dev.fewtune.leaderboard.ScoreFixture.lora;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoardExportsTest {
    private static final Board BOARD = Board.of(
            List.of(
                    lora(1, 0.70).score(),
                    lora(2, 0.74).measuredEarlier().score(),
                    headOnly(1, 0.60).score(),
                    headOnly(2, 0.62).score(),
                    lora(1, 0).named("houlsby").notApplicable("nothing | to train")),
            Optional.of("lora"));
    private static final Board EMPTY = Board.of(List.of(), Optional.of("lora"));

    @Test
    void textIsAlignedAndAtMost120Wide() {
        List<String> lines = BoardExports.write(BOARD, Format.TEXT).lines().toList();

        assertThat(lines).allMatch(line -> line.codePointCount(0, line.length()) <= 120);
        assertThat(lines.get(0)).isEqualTo("minilm-l6 on wordnet-supersense (accuracy, test)");
        assertThat(lines.get(3)).startsWith("lora ").contains("72.0 ± 2.8").contains("+11.0 ± 1.0");
        assertThat(lines.get(4)).startsWith("head-only †").contains("61.0 ± 1.4");
        assertThat(lines.get(5)).startsWith("(majority)").contains("15.4");
        assertThat(lines.get(6)).startsWith("houlsby").contains("n/a");
        assertThat(lines.get(3)).contains("31.5*").contains("▄█");
        assertThat(lines).contains("Standard error of one score, from the size of test: 1.6 points.");
        assertThat(lines).contains("houlsby: not applicable: nothing | to train");
    }

    @Test
    void columnsLineUpWithTheirTitles() {
        List<String> lines = BoardExports.write(BOARD, Format.TEXT).lines().toList();

        int end = lines.get(1).indexOf("all params") + "all params".length();
        assertThat(lines.get(3).substring(0, end)).endsWith("82,968");
        assertThat(lines.get(4).substring(0, end)).endsWith(" 9,240");
    }

    @Test
    void textDoesNotLetANameSteerTheTerminal() {
        Board board = Board.of(List.of(lora(1, 0.7).named("a\u001b[31mb").score()), Optional.empty());

        assertThat(BoardExports.write(board, Format.TEXT))
                .doesNotContain("\u001b")
                .contains("a [31mb");
    }

    @Test
    void longNamesStayWithinTheWidth() {
        Board board = Board.of(List.of(lora(1, 0.7).named("n".repeat(200)).score()), Optional.of("n".repeat(200)));

        assertThat(BoardExports.write(board, Format.TEXT).lines().toList())
                .allMatch(line -> line.codePointCount(0, line.length()) <= 120);
    }

    @Test
    void jsonKeepsItsFieldNamesAndUnroundedNumbers() throws Exception {
        JsonNode table = new ObjectMapper()
                .readTree(BoardExports.write(BOARD, Format.JSON))
                .get("tables")
                .get(0);
        JsonNode row = table.get("rows").get(0);

        assertThat(table.fieldNames())
                .toIterable()
                .containsExactly(
                        "backbone",
                        "task",
                        "split",
                        "metric",
                        "comparability",
                        "trainSize",
                        "validationSize",
                        "testSize",
                        "majority",
                        "standardError",
                        "baseline",
                        "notes",
                        "rows");
        assertThat(row.fieldNames())
                .toIterable()
                .containsExactly(
                        "variant",
                        "method",
                        "kind",
                        "axes",
                        "mean",
                        "sd",
                        "n",
                        "seeds",
                        "parameters",
                        "trainSeconds",
                        "trainExamplesPerSecond",
                        "inferenceExamplesPerSecond",
                        "peakMemoryBytes",
                        "adapterBytes",
                        "learningRate",
                        "curve",
                        "overHead",
                        "overBaseline",
                        "notes",
                        "notApplicable",
                        "cached",
                        "trainedOn",
                        "scoredOn");
        assertThat(row.get("mean").doubleValue()).isEqualTo(0.72);
        assertThat(row.get("parameters").get("method").longValue()).isEqualTo(73_728);
        assertThat(row.get("overBaseline").isNull()).isTrue();
        assertThat(row.get("trainedOn")).hasSize(1);
        assertThat(row.at("/trainedOn/0").fieldNames())
                .toIterable()
                .containsExactly("fewtune", "tensorflow", "jdk", "os", "arch", "cores", "cpu", "gpu");
    }

    @Test
    void csvKeepsFormulasFromRunningInASpreadsheet() {
        Board board = Board.of(
                List.of(lora(1, 0.7)
                        .named("=cmd|' /C calc'!A0")
                        .noting("say \"hi\", twice")
                        .score(Double.NaN, null)),
                Optional.empty());

        String csv = BoardExports.write(board, Format.CSV);

        assertThat(csv).contains(",'=cmd|' /C calc'!A0,").contains("say \"\"hi\"\", twice\"\r\n");
        assertThat(csv.lines()).hasSize(2);
    }

    @Test
    void everyCsvLineHasAsManyCellsAsTheHeader() {
        List<String> lines = BoardExports.write(BOARD, Format.CSV).lines().toList();

        assertThat(lines).hasSize(5);
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(36));
    }

    @Test
    void markdownKeepsABarOutOfTheTable() {
        String markdown = BoardExports.write(BOARD, Format.MARKDOWN);

        assertThat(markdown)
                .startsWith("### minilm-l6 on wordnet-supersense (accuracy, test)\n\n| method | accuracy |");
        assertThat(markdown).contains("nothing \\| to train").contains("| lora | 72.0 ± 2.8 | 2 |");
    }

    @Test
    void latexEscapesWhatLatexWouldRead() {
        Board board = Board.of(List.of(lora(1, 0.7).named("a_b & 5% {x}").score()), Optional.empty());

        assertThat(BoardExports.write(board, Format.LATEX))
                .contains("a\\_b \\& 5\\% \\{x\\} & 70.0 & 1 & -- &")
                .contains("\\toprule");
    }

    @Test
    void emptyBoardIsSaidInEveryFormat() {
        assertThat(BoardExports.write(EMPTY, Format.TEXT)).isEqualTo("No scores yet.\n");
        assertThat(BoardExports.write(EMPTY, Format.MARKDOWN)).isEqualTo("No scores yet.\n");
        assertThat(BoardExports.write(EMPTY, Format.LATEX)).isEqualTo("% No scores yet.\n");
        assertThat(BoardExports.write(EMPTY, Format.CSV).lines()).hasSize(1);
        assertThat(BoardExports.write(EMPTY, Format.JSON)).contains("\"tables\" : [ ]");
    }

    @Test
    void numbersDoNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            String expected = everything();
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(everything()).isEqualTo(expected);
            Locale.setDefault(Locale.GERMANY);
            assertThat(everything()).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void formatsAreFoundByTheirWord() {
        assertThat(Format.find("CSV")).hasValue(Format.CSV);
        assertThat(Format.find("md")).isEqualTo(Format.find("markdown")).hasValue(Format.MARKDOWN);
        assertThat(Format.find("txt")).isEqualTo(Format.find("text")).hasValue(Format.TEXT);
        assertThat(Format.find("tex")).isEqualTo(Format.find("latex")).hasValue(Format.LATEX);
        assertThat(Format.find("xlsx")).isEmpty();
    }

    private static String everything() {
        Board board = Board.of(
                List.of(
                        lora(1, 0.7).score(),
                        lora(1, 0.6).score(),
                        lora(2, Double.NaN).score()),
                Optional.empty());
        StringBuilder all = new StringBuilder();
        for (Format format : Format.values()) {
            all.append(BoardExports.write(BOARD, format)).append(BoardExports.write(board, format));
        }
        return all.toString();
    }
}
