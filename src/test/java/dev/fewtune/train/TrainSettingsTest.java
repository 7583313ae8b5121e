package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainSettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs         | 0        | epochs (0) must be at least 1.",
                "batchSize      | 0        | batch_size (0) must be at least 1.",
                "accumulate     | 0        | accumulate (0) must be at least 1.",
                "batchTokens    | -1       | batch_tokens (-1) must be at least 0.",
                "patience       | -1       | patience (-1) must be at least 0.",
                "labelSmoothing | 1        | label_smoothing (1.0) must be in [0, 1).",
                "clipThreshold  | 0        | clip_threshold (0.0) must be above 0.",
                "headRate       | -1       | head_lr (-1.0) must be at least 0.",
                "optimizer      | sgd      | optimizer (sgd) must be one of adamw, adafactor.",
                "schedule       | sawtooth | schedule (sawtooth) must be one of linear, cosine, constant.",
                "precision      | f16      | precision (f16) must be one of f32, bf16.",
                "relativeStep   | true     | lr (0.01), head_lr (0.0) and norm_lr (0.0) have no effect with relative_step",
            })
    void saysWhichValueNoTrainingCanHave(String setting, String value, String says) {
        assertThatThrownBy(() -> Trainings.with(setting, value))
                .isInstanceOf(CellFailure.class)
                .hasMessageContaining(says)
                .extracting(failure -> ((CellFailure) failure).kind())
                .isEqualTo(Cause.YOURS);
    }

    @Test
    void relativeStepsBelongToAdafactor() {
        assertThatThrownBy(() -> Trainings.with("relativeStep", true, "learningRate", 0))
                .hasMessage("relative_step (true) belongs to adafactor. Maybe optimizer: adafactor.");
        assertThatCode(() -> Trainings.with("relativeStep", true, "learningRate", 0, "optimizer", "adafactor"))
                .doesNotThrowAnyException();
    }

    @Test
    void theRateIsTheMethodsOwnWhereNoneIsGiven() {
        assertThat(Trainings.with("learningRate", 0).peakRate(3e-4)).isEqualTo(3e-4);
        assertThat(Trainings.with("learningRate", 0.5).peakRate(3e-4)).isEqualTo(0.5);
    }

    @Test
    void theRateOfTheHeadDoesNotDependOnThatOfTheMethod() {
        for (double ofMethod : new double[] {1e-3, 1e-1}) {
            TrainSettings settings = Trainings.with("learningRate", 0, "headRate", 5e-3);
            double head = ofMethod * settings.optimizing(ofMethod).headRate();
            assertThat(head).isEqualTo(5e-3, Offset.offset(1e-12));
            assertThat(settings.optimizing(ofMethod).normRate()).isEqualTo(1);
        }
    }

    @Test
    void theRateRisesAndThenFallsOrStays() {
        Schedule linear = new Schedule("linear", 1, 0.2, 10);
        assertThat(linear.at(0)).isEqualTo(1 / 3.0);
        assertThat(linear.at(2)).isEqualTo(1);
        assertThat(linear.at(6)).isEqualTo(0.5);
        Schedule cosine = new Schedule("cosine", 1, 0.2, 10);
        assertThat(cosine.at(1)).isEqualTo(2 / 3.0);
        assertThat(cosine.at(4)).isEqualTo((1 + Math.sqrt(0.5)) / 2, Offset.offset(1e-12));
        Schedule constant = new Schedule("constant", 1, 0, 10);
        assertThat(constant.at(0)).isEqualTo(1);
        assertThat(constant.at(9)).isEqualTo(1);
    }

    @Test
    void relativeStepsFallWithTheRootOfTheStep() {
        Schedule schedule = Trainings.with("relativeStep", true, "learningRate", 0, "optimizer", "adafactor")
                .schedule(1, 100);
        assertThat(schedule.at(0)).isEqualTo(1e-2);
        assertThat(schedule.at(99_999_999)).isEqualTo(1e-4);
    }
}
