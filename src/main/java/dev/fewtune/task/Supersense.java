package dev.fewtune.task;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Definition to lexicographer class, split so that no word and no definition stands in two splits. */
final class Supersense {
    private static final long SPLIT_SEED = 31;

    private Supersense() {}

    /** 24 classes; the giant component goes to train, the rest 80/10/10 by hash. */
    static Map<String, List<Example>> nouns() {
        return split("noun", Set.of("Tops", "motive"), 0.8, 0.9);
    }

    /** 15 classes; the giant component is train, the rest is halved. */
    static Map<String, List<Example>> verbs() {
        return split("verb", Set.of(), 0, 0.5);
    }

    private static Map<String, List<Example>> split(String part, Set<String> dropped, double train, double validation) {
        List<WordNet.Synset> synsets = WordNet.synsets(part);
        int[] roots = Components.of(synsets);
        int giant = Components.largest(roots);
        Map<String, List<Example>> splits = new TreeMap<>();
        List.of("train", "validation", "test").forEach(name -> splits.put(name, new ArrayList<>()));
        for (int i = 0; i < roots.length; i++) {
            WordNet.Synset synset = synsets.get(i);
            if (dropped.contains(synset.file())) {
                continue;
            }
            int unit = synsets.get(roots[i]).offset();
            double draw = new KeyedRandom(SPLIT_SEED, part + "/" + unit).nextDouble();
            String name = roots[i] == giant || draw < train ? "train" : draw < validation ? "validation" : "test";
            splits.get(name).add(new Example(part + "-" + synset.offset(), synset.definition(), null, synset.file()));
        }
        splits.replaceAll((name, examples) -> List.copyOf(examples));
        return splits;
    }
}
