package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The built-in tasks. Data are made at first use and kept while memory allows; safe for many threads. */
public final class Tasks {
    private static final String SOURCE = "WordNet 3.1, Princeton University (" + WordNet.ARTIFACT + ")";
    private static final String LICENCE = "WordNet 3.1 licence";

    private static final TaskSpec SUPERSENSE = new TaskSpec(
            "wordnet-supersense",
            "Definition of a noun to its lexicographer class",
            SOURCE,
            LICENCE,
            "accuracy",
            Supersense.NOUN_CLASSES,
            1,
            "68,108 train, 6,882 validation, 7,109 test; 24 classes, the majority class scores .136 on test. Splits share no"
                    + " lemma and no definition; the giant component of 12,526 synsets is in train.");
    private static final TaskSpec VERB_SUPERSENSE = new TaskSpec(
            "wordnet-verb-supersense",
            "Definition of a verb to its lexicographer class",
            SOURCE,
            LICENCE,
            "accuracy",
            Supersense.VERB_CLASSES,
            1,
            "8,797 train, 2,476 validation, 2,516 test; 15 classes, the majority class scores .197 on test. Train is the"
                    + " giant component, the common verbs; validation and test are the rarer ones: a shift.");
    private static final TaskSpec HYPERNYM = new TaskSpec(
            "wordnet-hypernym",
            "Is A a kind of B?",
            SOURCE,
            LICENCE,
            "accuracy",
            Hypernyms.CLASSES,
            2,
            "28,010 train, 3,666 validation, 3,520 test; 2 classes, the majority class scores .500. Splits share no word;"
                    + " A alone or B alone tells nothing.");
    private static final TaskSpec WORD_IN_CONTEXT = new TaskSpec(
            "wordnet-wic",
            "Two usage examples of one word: same sense?",
            SOURCE,
            LICENCE,
            "accuracy",
            WordInContext.CLASSES,
            2,
            "2,704 train, 296 validation, 324 test; 2 classes, the majority class scores .500. Hard: MiniLM stays at chance."
                    + " No source task for the real WiC, which was made from the same examples.");

    private final Map<String, Task> byName = new LinkedHashMap<>();
    private final Remembered<WordNet> wordNet = new Remembered<>(WordNet::read);

    public Tasks() {
        add(SUPERSENSE, Supersense::nouns);
        add(VERB_SUPERSENSE, Supersense::verbs);
        add(HYPERNYM, Hypernyms::of);
        add(WORD_IN_CONTEXT, WordInContext::of);
    }

    /** What a workflow may name. */
    public static List<TaskSpec> specs() {
        return List.of(SUPERSENSE, VERB_SUPERSENSE, HYPERNYM, WORD_IN_CONTEXT);
    }

    /**
     * A task by its name; no data are made yet.
     *
     * @throws CellFailure with cause YOURS where there is no such task
     */
    public Task open(String name) {
        Task task = byName.get(name);
        if (task == null) {
            throw CellFailure.yours("There is no task %s. Known: %s.", name, String.join(", ", byName.keySet()));
        }
        return task;
    }

    private void add(TaskSpec spec, Function<WordNet, Splits> maker) {
        byName.put(spec.name(), new WordNetTask(spec, new Remembered<>(() -> maker.apply(wordNet.get()))));
    }
}
