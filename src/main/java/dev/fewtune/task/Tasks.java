package dev.fewtune.task;

import dev.fewtune.spec.TaskSpec;
import java.util.List;
import java.util.Optional;

/** The list of built-in tasks. */
public final class Tasks {
    private static final BuiltInTask SUPERSENSE = new BuiltInTask(
            new TaskSpec(
                    "wordnet-supersense",
                    "Definition of a noun to one of 24 lexicographer classes",
                    WordNet.SOURCE,
                    WordNet.LICENCE,
                    "accuracy",
                    List.of(
                            "act",
                            "animal",
                            "artifact",
                            "attribute",
                            "body",
                            "cognition",
                            "communication",
                            "event",
                            "feeling",
                            "food",
                            "group",
                            "location",
                            "object",
                            "person",
                            "phenomenon",
                            "plant",
                            "possession",
                            "process",
                            "quantity",
                            "relation",
                            "shape",
                            "state",
                            "substance",
                            "time"),
                    1,
                    ""),
            1,
            Supersense::nouns);
    private static final BuiltInTask VERBS = new BuiltInTask(
            new TaskSpec(
                    "wordnet-verb-supersense",
                    "Definition of a verb to one of 15 lexicographer classes",
                    WordNet.SOURCE,
                    WordNet.LICENCE,
                    "accuracy",
                    List.of(
                            "body",
                            "change",
                            "cognition",
                            "communication",
                            "competition",
                            "consumption",
                            "contact",
                            "creation",
                            "emotion",
                            "motion",
                            "perception",
                            "possession",
                            "social",
                            "stative",
                            "weather"),
                    1,
                    "Train is the giant component of verbs that share words, mostly common ones; validation and test"
                            + " are the rarer rest: a shift from train to test."),
            1,
            Supersense::verbs);
    private static final BuiltInTask HYPERNYM = new BuiltInTask(
            new TaskSpec(
                    "wordnet-hypernym",
                    "Is A a kind of B?",
                    WordNet.SOURCE,
                    WordNet.LICENCE,
                    "accuracy",
                    List.of("no", "yes"),
                    2,
                    ""),
            1,
            Hypernym::make);
    private static final BuiltInTask WORD_IN_CONTEXT = new BuiltInTask(
            new TaskSpec(
                    "wordnet-wic",
                    "Two usage examples of one word: the same sense?",
                    WordNet.SOURCE,
                    WordNet.LICENCE,
                    "accuracy",
                    List.of("no", "yes"),
                    2,
                    "Hard: MiniLM stays at chance. Made from the same sentences as the real WiC: never a source for it."),
            1,
            WordInContext::make);
    private static final List<BuiltInTask> ALL = List.of(SUPERSENSE, VERBS, HYPERNYM, WORD_IN_CONTEXT);

    private Tasks() {}

    public static List<TaskSpec> specs() {
        return ALL.stream().map(BuiltInTask::spec).toList();
    }

    public static Optional<Task> named(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .map(Task.class::cast)
                .findFirst();
    }
}
