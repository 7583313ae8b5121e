package dev.fewtune.workflow;

import static dev.fewtune.workflow.Texts.place;
import static dev.fewtune.workflow.Texts.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No YAML grows beyond its bounds, whatever its aliases do. */
class YamlBoundsTest {
    @Test
    void refusesAnAliasBombAtTheAliasThatGoesTooFar() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, nine("*a" + (i - 1))));
        }
        Problem found = only(bomb.toString());
        assertThat(found.message()).contains("100,000");
        assertThat(found.line()).isEqualTo(6);
        assertThat(place(found, bomb.toString())).startsWith("*a4, *a4");
        assertThat(found.column()).isEqualTo("a5: &a5 [".length() + 1);
    }

    @Test
    void refusesABombOfLongTexts() {
        StringBuilder bomb = new StringBuilder("a0: &a0 " + "x".repeat(100_000) + "\n");
        for (int i = 1; i < 4; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, nine("*a" + (i - 1))));
        }
        Problem found = only(bomb.toString());
        assertThat(place(found, bomb.toString())).startsWith("*a2");
    }

    @Test
    void refusesAliasesThatDigDeeperAndDeeper() {
        StringBuilder bomb = new StringBuilder("a0: &a0 x\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d %s*a%d%s\n".formatted(i, i, "[".repeat(10), i - 1, "]".repeat(10)));
        }
        Problem found = only(bomb.toString());
        assertThat(found.message()).contains("deeper than 50");
        assertThat(place(found, bomb.toString())).startsWith("*a4");
    }

    @Test
    void refusesDeepNestingAtTheBracketThatGoesTooFar() {
        String deep = "a: " + "[".repeat(3000) + "]".repeat(3000);
        Problem found = only(deep);
        assertThat(found.message()).contains("deeper than 50");
        assertThat(found.line()).isEqualTo(1);
        assertThat(found.column()).isEqualTo("a: ".length() + 51);
        assertThat(read("a: " + "[".repeat(50) + "]".repeat(50))).isPresent();
    }

    @Test
    void refusesMoreThanAHundredThousandValues() {
        String many = "a: [" + "1,".repeat(100_000) + "1]";
        assertThat(only(many).line()).isEqualTo(1);
    }

    @Test
    void refusesMoreThanAMebibyte() {
        assertThat(only("# " + "é".repeat(1 << 19)).message()).contains("1 MiB");
    }

    @Test
    void countsWhatAnAliasStandsForEachTime() {
        Tree tree = read("a: &a { b: [1, 2], c: ~ }\nd: [*a, *a]\ne: *a\nf: " + "x".repeat(250) + "\n")
                .orElseThrow();
        assertThat(tree.size()).isEqualTo(walked(tree.plain()));
        assertThat(tree.depth()).isEqualTo(5);
    }

    @Test
    void refusesAnAnchorThatHoldsItself() {
        List<Problem> found = problems("a: &a [*a]");
        assertThat(found).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("yaml");
            assertThat(problem.message()).contains("&a");
            assertThat(problem.column()).isEqualTo(8);
        });
    }

    private static String nine(String word) {
        return String.join(", ", Collections.nCopies(9, word));
    }

    private static Problem only(String yaml) {
        List<Problem> found = problems(yaml);
        assertThat(found).extracting(Problem::code).containsExactly("too-big");
        return found.get(0);
    }

    private static Optional<Tree> read(String yaml) {
        Source source = Source.of("x.yaml", yaml);
        return YamlReader.read(yaml, source, new Problems(source));
    }

    /** Keys and values, long texts by the hundred characters. */
    private static long walked(Object plain) {
        if (plain instanceof List<?> list) {
            return 1 + list.stream().mapToLong(YamlBoundsTest::walked).sum();
        }
        if (plain instanceof Map<?, ?> map) {
            return 1
                    + map.entrySet().stream()
                            .mapToLong(entry -> walked(entry.getKey()) + walked(entry.getValue()))
                            .sum();
        }
        return plain instanceof String text ? 1 + text.length() / 100 : 1;
    }
}
