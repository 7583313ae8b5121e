package dev.fewtune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions compute, and what they say of a mistake. */
class ExpressionTest {
    private static final Scope SCOPE = new Scope(
            Map.of("n", 3L, "word", "a", "list", List.of(1L, 2L), "yes", true), Map.of("seed", 1L, "lr", 0.5));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "1 < 2 ; true",
                "1 == 1.0 ; true",
                "1e-3 < 0.01 ; true",
                "inputs.n >= 3 && matrix.lr < 1 ; true",
                "inputs.n != 3 || inputs.yes ; true",
                "!(inputs.n == 3) ; false",
                "!inputs.yes ; false",
                "inputs.word == 'a' ; true",
                "'it''s' == 'its' ; false",
                "contains(inputs.list, matrix.seed) ; true",
                "contains('abc', 'bc') ; true",
                "contains(inputs.list, 3) ; false",
                "false || true && false ; false"
            })
    void computesByTheUsualRules(String text, boolean value) {
        assertThat(Expression.value(text, SCOPE, new Budget())).isEqualTo(value);
    }

    @Test
    void givesAValueItsType() {
        assertThat(Expression.value(" inputs.list ", SCOPE, new Budget())).isEqualTo(List.of(1L, 2L));
        assertThat(Expression.value("'it''s'", SCOPE, new Budget())).isEqualTo("it's");
        assertThat(Expression.value("-1.5", SCOPE, new Budget())).isEqualTo(-1.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "1 + ; 2 ; '+'",
                "1 < ; 3 ; ends too early",
                "(1 < 2 ; 6 ; ')' is missing",
                "1 2 ; 2 ; does not belong",
                "inputs.m ; 0 ; maybe n",
                "outputs.n ; 0 ; begin with inputs. or matrix.",
                "inputs ; 0 ; not known",
                "'a' < 2 ; 7 ; only numbers",
                "1 && true ; 9 ; neither true nor false",
                "contains(1 ; 10 ; ',' is missing"
            })
    void namesThePlaceOfAMistake(String text, int column, String message) {
        assertThatThrownBy(() -> Expression.value(text, SCOPE, new Budget()))
                .isInstanceOfSatisfying(Expression.Wrong.class, wrong -> assertThat(wrong.column())
                        .isEqualTo(column))
                .hasMessageContaining(message);
    }

    @Test
    void boundsLengthAndDepth() {
        assertThatThrownBy(() -> Expression.value("1".repeat(1001), SCOPE, new Budget()))
                .hasMessageContaining("1000");
        assertThatThrownBy(() -> Expression.value("(".repeat(50) + "1" + ")".repeat(50), SCOPE, new Budget()))
                .hasMessageContaining("40");
    }
}
