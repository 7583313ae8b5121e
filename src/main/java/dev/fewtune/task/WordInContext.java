package dev.fewtune.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Two usage examples of one word: is it the same sense? After M. T. Pilehvar and J. Camacho-Collados, "WiC: the
 * Word-in-Context dataset", NAACL 2019, but from WordNet alone and without their pruning of close senses. A word has as
 * many positives as negatives, at most {@link #PER_WORD} of each. A word belongs to the split of its hash, and so does a
 * synset by its displayed lemma; an example counts only where both agree, so that splits share no word and no definition.
 */
final class WordInContext {
    static final List<String> CLASSES = List.of("different", "same");
    static final int PER_WORD = 3;

    private WordInContext() {}

    static Splits of(WordNet wordNet) {
        Map<String, List<Usage>> byWord = new TreeMap<>();
        Set<String> definitions = new HashSet<>();
        Set<String> sentences = new HashSet<>();
        for (Synset synset : Stream.concat(wordNet.nouns().stream(), wordNet.verbs().stream())
                .toList()) {
            if (!synset.examples().isEmpty() && definitions.add(synset.normalised())) {
                collect(wordNet, synset, sentences, byWord);
            }
        }
        Map<String, List<Example>> splits = Splits.empty();
        byWord.forEach(
                (word, usages) -> splits.get(splitOf(word.substring(2))).addAll(pairs(word.substring(2), usages)));
        return Splits.of(splits);
    }

    /** Adds the examples of a synset under part of speech and word, each sentence once in the whole data set. */
    private static void collect(
            WordNet wordNet, Synset synset, Set<String> sentences, Map<String, List<Usage>> byWord) {
        String split = splitOf(synset.keys().get(0));
        for (int i = 0; i < synset.examples().size(); i++) {
            String sentence = synset.examples().get(i);
            for (String lemma : synset.keys()) {
                if (splitOf(lemma).equals(split)
                        && Inflections.contains(sentence, lemma, wordNet.irregular())
                        && sentences.add(sentence.toLowerCase(Locale.ROOT))) {
                    byWord.computeIfAbsent(synset.id().charAt(0) + " " + lemma, key -> new ArrayList<>())
                            .add(new Usage(synset.id() + "." + i, synset.id(), sentence));
                }
            }
        }
    }

    private static String splitOf(String word) {
        return Splits.byHash("wic/" + word, 0.8);
    }

    private static List<Example> pairs(String word, List<Usage> usages) {
        Map<Boolean, List<Example>> pairs = new HashMap<>(Map.of(true, new ArrayList<>(), false, new ArrayList<>()));
        for (int i = 0; i < usages.size(); i++) {
            for (int j = i + 1; j < usages.size(); j++) {
                boolean same = usages.get(i).synset().equals(usages.get(j).synset());
                pairs.get(same).add(example(word, usages.get(i), usages.get(j), same));
            }
        }
        int size = Math.min(
                PER_WORD, Math.min(pairs.get(true).size(), pairs.get(false).size()));
        return Stream.of(true, false)
                .flatMap(same -> pairs.get(same).stream()
                        .sorted(Comparator.comparing((Example pair) -> Splits.uniform("wic/" + pair.id())))
                        .limit(size))
                .toList();
    }

    private static Example example(String word, Usage one, Usage other, boolean same) {
        return new Example(
                "%s/%s/%s".formatted(word, one.id(), other.id()),
                word + ": " + one.sentence(),
                word + ": " + other.sentence(),
                same ? "same" : "different");
    }

    private record Usage(String id, String synset, String sentence) {}
}
