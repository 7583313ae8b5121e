package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final List<String> LABELS = List.of("animal", "food");

    @Test
    void learnsClassesFromWords() {
        List<Example> train = List.of(
                one("a barking dog", "animal"),
                one("a sleepy cat", "animal"),
                one("warm bread", "food"),
                one("cheese on bread", "food"));

        assertThat(Control.fit(train, LABELS).predict(List.of(one("dog and cat", "?"), one("old bread", "?"))))
                .containsExactly(0, 1);
    }

    @Test
    void keepsTheWordsOfBothTextsApart() {
        List<Example> train = List.of(pair("dog", "bread", "animal"), pair("bread", "dog", "food"));

        assertThat(Control.fit(train, LABELS).predict(train)).containsExactly(0, 1);
    }

    @Test
    void learnsNumbers() {
        List<Example> train = IntStream.range(0, 40)
                .mapToObj(i -> one(i % 2 == 0 ? "good film" : "bad film", i % 2 == 0 ? "4.5" : "1.5"))
                .toList();

        double[] values = Control.fit(train, List.of()).predict(List.of(one("good film", ""), one("bad film", "")));

        assertThat(values[0]).isCloseTo(4.5, within(.2));
        assertThat(values[1]).isCloseTo(1.5, within(.2));
    }

    @Test
    void predictsSomethingForWordsNeverSeen() {
        List<Example> train = List.of(one("dog", "animal"), one("bread", "food"));

        assertThat(Control.fit(train, LABELS).predict(List.of(one("", "?"), one("xyz", "?"))))
                .hasSize(2)
                .doesNotContain(Double.NaN);
    }

    @Test
    void refusesNothingToFitAndUnknownLabels() {
        assertThatThrownBy(() -> Control.fit(List.of(), LABELS))
                .hasMessage("The linear control has no example to fit.");
        assertThatThrownBy(() -> Control.fit(List.of(one("stone", "mineral")), LABELS))
                .hasMessage("stone: the label (mineral) must be one of animal, food.");
    }

    /** Two documents: idf of a word in both is ln(3/3) + 1 = 1, in one ln(3/2) + 1. */
    @Test
    void weighsWordsAsScikitLearnDoes() {
        TermWeights weights = TermWeights.of(List.of("The dog, a dog", "the cat"));
        double idf = Math.log(1.5) + 1;
        double length = Math.sqrt(4 * idf * idf + 1);

        TreeMap<Integer, Double> row = weights.weigh("the dog DOG unseen a");

        assertThat(weights.columns()).isEqualTo(3);
        assertThat(row).containsOnlyKeys(1, 2);
        assertThat(row.get(1)).isCloseTo(2 * idf / length, within(1e-12));
        assertThat(row.get(2)).isCloseTo(1 / length, within(1e-12));
    }

    private static Example one(String text, String label) {
        return new Example(text, text, null, label);
    }

    private static Example pair(String first, String second, String label) {
        return new Example(first, first, second, label);
    }
}
