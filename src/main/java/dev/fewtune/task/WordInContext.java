package dev.fewtune.task;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two usage examples of one word: the same sense? Made like WiC (Pilehvar, Camacho-Collados, NAACL 2019) from WordNet's
 * own examples, split by word, as many yes as no.
 */
final class WordInContext {
    private static final long SPLIT_SEED = 31;
    private static final int MOST_PER_WORD = 6;

    private record Use(int offset, String sentence) {}

    private WordInContext() {}

    static Map<String, List<Example>> make() {
        Map<String, List<Example>> splits = new TreeMap<>();
        List.of("train", "validation", "test").forEach(split -> splits.put(split, new ArrayList<>()));
        for (String part : List.of("noun", "verb")) {
            uses(part).forEach((lemma, uses) -> splits.get(split(lemma)).addAll(pairs(part, lemma, uses)));
        }
        splits.replaceAll((split, examples) -> balanced(examples));
        return splits;
    }

    private static Map<String, List<Use>> uses(String part) {
        Map<String, List<Use>> uses = new TreeMap<>();
        for (WordNet.Synset synset : WordNet.synsets(part)) {
            for (String lemma : synset.lemmas()) {
                for (String sentence : synset.examples()) {
                    if (mentions(sentence, lemma)) {
                        uses.computeIfAbsent(lemma.toLowerCase(Locale.ROOT), word -> new ArrayList<>())
                                .add(new Use(synset.offset(), sentence));
                    }
                }
            }
        }
        return uses;
    }

    /** The word itself or a form that only adds an ending; a last e may fall. */
    private static boolean mentions(String sentence, String lemma) {
        String word = lemma.toLowerCase(Locale.ROOT);
        String stem = word.length() > 3 && word.endsWith("e") ? word.substring(0, word.length() - 1) : word;
        return (" " + WordNet.normalised(sentence)).contains(" " + stem);
    }

    private static List<Example> pairs(String part, String lemma, List<Use> uses) {
        List<Example> same = new ArrayList<>();
        List<Example> other = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            for (int j = i + 1; j < uses.size(); j++) {
                boolean yes = uses.get(i).offset() == uses.get(j).offset();
                List<Example> kept = yes ? same : other;
                if (kept.size() < MOST_PER_WORD / 2) {
                    kept.add(new Example(
                            "%s-%s-%d-%d".formatted(part, lemma, i, j),
                            lemma + ": " + uses.get(i).sentence(),
                            lemma + ": " + uses.get(j).sentence(),
                            yes ? "yes" : "no"));
                }
            }
        }
        List<Example> pairs = new ArrayList<>(same);
        pairs.addAll(other);
        return pairs;
    }

    private static String split(String lemma) {
        double draw = new KeyedRandom(SPLIT_SEED, "wic/" + lemma).nextDouble();
        return draw < 0.8 ? "train" : draw < 0.9 ? "validation" : "test";
    }

    private static List<Example> balanced(List<Example> examples) {
        List<Example> yes =
                examples.stream().filter(e -> e.label().equals("yes")).toList();
        List<Example> no = examples.stream().filter(e -> e.label().equals("no")).toList();
        int each = Math.min(yes.size(), no.size());
        List<Example> all = new ArrayList<>(Sampling.take(yes, each, SPLIT_SEED));
        all.addAll(Sampling.take(no, each, SPLIT_SEED));
        return List.copyOf(all);
    }
}
