package dev.fewtune.task;

import java.util.List;
import java.util.Map;

/**
 * The definition of a synset, and its lexicographer file as the class (M. Ciaramita and M. Johnson, "Supersense tagging
 * of unknown nouns in WordNet", EMNLP 2003, for the nouns).
 */
final class Supersense {
    /** Numbers and names after lexnames(5WN); Tops (03) and motive (16) are left out as too small and mixed. */
    private static final List<String> NOUN_FILES = List.of(
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
            "motive",
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
            "time");

    private static final int FIRST_NOUN_FILE = 4;
    private static final int FIRST_VERB_FILE = 29;

    static final List<String> NOUN_CLASSES =
            NOUN_FILES.stream().filter(file -> !file.equals("motive")).toList();
    static final List<String> VERB_CLASSES = List.of(
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
            "weather");

    private Supersense() {}

    /** The giant component to train, the other components by hash: 80 % train, 10 % validation, 10 % test. */
    static Splits nouns(WordNet wordNet) {
        return split(wordNet.nouns(), FIRST_NOUN_FILE, NOUN_FILES, NOUN_CLASSES, 0.8);
    }

    /** The giant component to train, the other components by hash: half to validation, half to test. */
    static Splits verbs(WordNet wordNet) {
        return split(wordNet.verbs(), FIRST_VERB_FILE, VERB_CLASSES, VERB_CLASSES, 0);
    }

    private static Splits split(
            List<Synset> synsets, int firstFile, List<String> files, List<String> classes, double trainShare) {
        Components components = Components.of(synsets, true);
        Map<String, List<Example>> splits = Splits.empty();
        for (int i = 0; i < synsets.size(); i++) {
            Synset synset = synsets.get(i);
            int file = synset.lexicographer() - firstFile;
            if (file < 0 || !classes.contains(files.get(file))) {
                continue;
            }
            String unit = synsets.get(components.root(i)).id();
            String split = components.inGiant(i) ? Splits.TRAIN : Splits.byHash("supersense/" + unit, trainShare);
            splits.get(split).add(new Example(synset.id(), synset.definition(), null, files.get(file)));
        }
        return Splits.of(splits);
    }
}
