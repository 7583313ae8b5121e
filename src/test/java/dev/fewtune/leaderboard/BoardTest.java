package dev.fewtune.leaderboard;

import static dev.fewtune.leaderboard.ScoreFixture.headOnly;
import static dev.fewtune.leaderboard.ScoreFixture.lora;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoardTest {
    private static final List<Score> TWO_METHODS = List.of(
            lora(1, 0.70).score(),
            lora(2, 0.74).score(),
            lora(3, 0.72).score(),
            headOnly(1, 0.60).score(),
            headOnly(2, 0.62).score(),
            headOnly(3, 0.64).score());

    @Test
    void meansAndSampleDeviationsAreOverSeeds() {
        Row row = row(TWO_METHODS, "lora");

        assertThat(row.mean().getAsDouble()).isCloseTo(0.72, within(1e-12));
        // deviations -2, 2, 0 points: sqrt((4 + 4 + 0) / 2) = 2 points
        assertThat(row.sd().getAsDouble()).isCloseTo(0.02, within(1e-12));
        assertThat(row.n()).isEqualTo(3);
        assertThat(row.seeds()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void gainOverHeadOnlyHasItsErrorFromPairedDifferences() {
        Difference gain = row(TWO_METHODS, "lora").overHead().orElseThrow();

        // differences 10, 12, 8 points: mean 10, deviation 2, standard error 2 / sqrt(3)
        assertThat(gain.points()).isCloseTo(10, within(1e-9));
        assertThat(gain.standardError().getAsDouble()).isCloseTo(1.1547005383792515, within(1e-9));
        assertThat(gain.seeds()).isEqualTo(3);
        assertThat(row(TWO_METHODS, "head-only").overHead()).isEmpty();
    }

    @Test
    void gainUsesCommonSeedsOnly() {
        List<Score> scores = List.of(
                lora(1, 0.70).score(),
                lora(2, 0.90).score(),
                headOnly(1, 0.60).score(),
                headOnly(7, 0.10).score());

        Difference gain = row(scores, "lora").overHead().orElseThrow();

        assertThat(gain.points()).isCloseTo(10, within(1e-9));
        assertThat(gain.seeds()).isEqualTo(1);
        assertThat(gain.standardError()).isEmpty();
    }

    @Test
    void noCommonSeedMeansNoGain() {
        assertThat(row(List.of(lora(1, 0.7).score(), headOnly(2, 0.6).score()), "lora")
                        .overHead())
                .isEmpty();
    }

    @Test
    void costsAreMeansButMemoryIsTheLargest() {
        Row row = row(TWO_METHODS, "lora");

        assertThat(row.costs().trainSeconds()).hasValue(32);
        assertThat(row.costs().trainExamplesPerSecond()).hasValue(200);
        assertThat(row.costs().peakMemoryBytes()).isEqualTo((1L << 30) + 3);
        assertThat(row.parameters().total()).isEqualTo(82_968);
        assertThat(row.curve()).hasSize(2);
        assertThat(row.curve().get(1)).isCloseTo(0.72, within(1e-12));
    }

    @Test
    void bestStandsFirstAndMajorityInItsPlace() {
        Table table = table(TWO_METHODS);

        assertThat(table.rows()).extracting(Row::variant).containsExactly("lora", "head-only", "majority");
        assertThat(table.rows())
                .extracting(Row::kind)
                .containsExactly(Row.Kind.METHOD, Row.Kind.CONTROL, Row.Kind.MAJORITY);
    }

    @Test
    void standardErrorOfOneScoreComesFromTheSizeOfTest() {
        // sqrt(0.72 * 0.28 / 800)
        assertThat(table(TWO_METHODS).standardError().getAsDouble()).isCloseTo(0.015874507866387544, within(1e-12));
    }

    @Test
    void oneSeedHasNoDeviation() {
        Row row = row(List.of(lora(1, 0.7).score()), "lora");

        assertThat(row.mean()).hasValue(0.7);
        assertThat(row.sd()).isEmpty();
    }

    @Test
    void missingHeadOnlyIsSaidAndLeavesTheGainOut() {
        Table table = table(List.of(lora(1, 0.7).score()));

        assertThat(table.rows().get(0).overHead()).isEmpty();
        assertThat(table.notes()).anyMatch(note -> note.contains("no score of head-only"));
    }

    @Test
    void rowThatIsNotApplicableKeepsItsReasonAndStandsLast() {
        Score none = lora(1, 0).named("houlsby").notApplicable("nothing to train");
        Table table = table(List.of(none, lora(1, 0.7).score()));

        Row last = table.rows().get(table.rows().size() - 1);
        assertThat(last.variant()).isEqualTo("houlsby");
        assertThat(last.mean()).isEmpty();
        assertThat(last.n()).isZero();
        assertThat(last.notApplicable()).hasValue("nothing to train");
    }

    @Test
    void scoreThatIsNoNumberIsLeftOutAndSaid() {
        Row row = row(List.of(lora(1, 0.7).score(), lora(2, Double.NaN).score()), "lora");

        assertThat(row.mean()).hasValue(0.7);
        assertThat(row.n()).isEqualTo(1);
        assertThat(row.notes()).containsExactly("Seed 2 gave NaN, which is no score; it is left out.");
    }

    @Test
    void sameSeedNeverCountsTwice() {
        Row row = row(List.of(lora(1, 0.6).score(), lora(1, 0.7).score()), "lora");

        assertThat(row.n()).isEqualTo(1);
        assertThat(row.mean()).hasValue(0.7);
        assertThat(row.notes()).anyMatch(note -> note.contains("scored more than once"));
    }

    @Test
    void rowsOfOneNameAreToldApartByTheirAxes() {
        Table table = table(List.of(
                lora(1, 0.6).at("lr", "0.001").score(),
                lora(1, 0.7).at("lr", "0.01").score(),
                headOnly(1, 0.5).at("lr", "0.001").score(),
                headOnly(1, 0.2).at("lr", "0.01").score()));

        assertThat(rows(table, "lora"))
                .extracting(Row::axes)
                .containsExactly(Map.of("lr", "0.01"), Map.of("lr", "0.001"));
        assertThat(rows(table, "lora"))
                .extracting(row -> Math.round(row.overHead().orElseThrow().points()))
                .containsExactly(50L, 10L);
        assertThat(BoardExports.write(new Board(List.of(table)), Format.TEXT))
                .contains("lr")
                .contains("0.01");
    }

    @Test
    void rowsOfOneNameAndDifferentSettingsAreToldApartByThese() {
        Table table = table(List.of(
                lora(1, 0.6).set("alpha", 8).score(),
                lora(1, 0.7).set("alpha", 16).score(),
                lora(1, 0.5).score()));

        assertThat(rows(table, "lora"))
                .extracting(row -> row.axes().get("alpha"))
                .containsExactly("16", "8", "default");
        assertThat(rows(table, "lora"))
                .allSatisfy(row -> assertThat(row.notes()).isEmpty());
    }

    @Test
    void rowKeepsEachMachineOnce() {
        Row row = row(TWO_METHODS, "lora");

        assertThat(row.trainedOn()).containsExactly(ScoreFixture.ORIGIN);
        assertThat(row.scoredOn()).containsExactly(ScoreFixture.ORIGIN);
    }

    @Test
    void constantAnswerOfARegressionIsCalledTheMeanOfTrain() {
        Table table = table(List.of(lora(1, 0.25).measuredBy("mse").score(0.9, null)));

        assertThat(table.rows()).extracting(Row::variant).containsExactly("lora", "mean of train");
        assertThat(table.rows().get(1).kind()).isEqualTo(Row.Kind.MAJORITY);
    }

    @Test
    void scoresThatCannotBeComparedStandInTwoTablesWithANote() {
        Board board = Board.of(
                List.of(
                        lora(1, 0.7).score(),
                        headOnly(1, 0.6).comparedBy("other").score()),
                Optional.empty());

        assertThat(board.tables()).hasSize(2);
        assertThat(board.tables().get(0).find("lora").orElseThrow().overHead()).isEmpty();
        assertThat(board.tables())
                .allMatch(table -> table.notes().stream().anyMatch(note -> note.contains("stand in 2 tables")));
    }

    @Test
    void baselineGetsAColumnOrANoteWhereItIsMissing() {
        List<Score> scores =
                List.of(lora(1, 0.70).score(), lora(1, 0.75).named("big").score());

        Table found = Board.of(scores, Optional.of("lora")).tables().get(0);
        assertThat(found.baseline()).hasValue("lora");
        assertThat(found.find("big").orElseThrow().overBaseline().orElseThrow().points())
                .isCloseTo(5, within(1e-9));

        Table missing = Board.of(scores, Optional.of("bitfit")).tables().get(0);
        assertThat(missing.baseline()).isEmpty();
        assertThat(missing.notes()).anyMatch(note -> note.contains("baseline (bitfit)"));
    }

    @Test
    void notesStandOnceAndCachedTimesAreMarked() {
        Row row = row(
                List.of(
                        lora(1, 0.7).noting("12 texts were cut").score(),
                        lora(2, 0.7)
                                .noting("12 texts were cut")
                                .measuredEarlier()
                                .score()),
                "lora");

        assertThat(row.notes()).containsExactly("12 texts were cut");
        assertThat(row.cached()).isTrue();
    }

    @Test
    void noMajorityWhereNothingWasScored() {
        Table table = table(List.of(lora(1, 0.7).score(Double.NaN, null)));

        assertThat(table.majority()).isEmpty();
        assertThat(table.rows()).hasSize(1);
    }

    @Test
    void smallestErrorStandsFirstInItsOwnUnit() {
        List<Score> scores = List.of(
                headOnly(1, 0.9).measuredBy("mse").score(Double.NaN, null),
                lora(1, 0.25).measuredBy("mse").score(Double.NaN, null));
        Table table = table(scores);

        assertThat(table.rows()).extracting(Row::variant).containsExactly("lora", "head-only");
        assertThat(table.rows().get(0).overHead().orElseThrow().points()).isCloseTo(-0.65, within(1e-12));
        assertThat(table.standardError()).isEmpty();
        assertThat(BoardExports.write(new Board(List.of(table)), Format.TEXT))
                .contains("0.2500")
                .contains("-0.6500")
                .contains("Less is better");
    }

    private static Table table(List<Score> scores) {
        return Board.of(scores, Optional.empty()).tables().get(0);
    }

    private static List<Row> rows(Table table, String variant) {
        return table.rows().stream()
                .filter(row -> row.variant().equals(variant))
                .toList();
    }

    private static Row row(List<Score> scores, String variant) {
        return table(scores).find(variant).orElseThrow();
    }
}
