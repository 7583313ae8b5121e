package dev.fewtune.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final List<String> COLUMNS = List.of("a", "b");
    private static final List<String> VALUES = List.of("one {b}", "two");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x: {a} y: {b} | x: one {b} y: two",
                "{2} {1} {2} | two one {b} two",
                "{{a}} { b } | {a} two",
                "{b} {mask}. | two <m>.",
                "{b} }}{{ | two }{"
            })
    void putsEachTextInItsPlace(String template, String filled) {
        assertThat(Template.of(template).fill(COLUMNS, VALUES, "<m>")).isEqualTo(filled);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x {a | { at character 3 without }",
                "x } {a} | } at character 3 without {",
                "x { } {a} | names no column at character 3"
            })
    void saysWhereABraceIsWrong(String template, String says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Template.of(template))
                .withMessageContaining(says);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "only words | no place for a text",
                "{mask} | no place for a text",
                "{a} {c} | names {c}, but the texts are [a, b]",
                "{3} | names {3}",
                "{a} {mask} {mask} | {mask} twice"
            })
    void saysWhatDoesNotFitATask(String template, String says) {
        assertThat(Template.of(template).problem(COLUMNS))
                .hasValueSatisfying(problem -> assertThat(problem).contains(says));
    }

    @Test
    void thoseThatAreKnownByNameFitTheirTexts() {
        assertThat(Templates.names()).hasSizeGreaterThan(20).allSatisfy(name -> {
            Template template = Template.of(Templates.text(name).orElseThrow());
            assertThat(template.problem(List.of("a", "b", "c"))).isEmpty();
        });
        assertThat(Template.of(Templates.text("mrpc").orElseThrow()).fill(COLUMNS, List.of("X", "Y"), ""))
                .isEqualTo("sentence1: X sentence2: Y");
    }

    @Test
    void classesAreTheNumbersThatTheirNamesHaveInTheDataSet() {
        assertThat(Templates.digits("mnli", List.of("contradiction", "entailment", "neutral")))
                .containsExactly("2", "0", "1");
        assertThat(Templates.digits("mnli", List.of("0", "1", "2"))).containsExactly("0", "1", "2");
        assertThat(Templates.digits("rte", List.of("no", "yes"))).containsExactly("0", "1");
    }
}
