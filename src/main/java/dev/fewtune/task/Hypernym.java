package dev.fewtune.task;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Is A a kind of B? Both ends of a pair lie in one split, by hash of the shown word. The negatives re-pair the A's and
 * B's of the positives, so that neither word alone tells the answer.
 */
final class Hypernym {
    private static final long SPLIT_SEED = 31;
    private static final int MOST_PER_HYPERNYM = 10;
    private static final int SHORTEST_SHARED = 4;

    private final Map<Integer, WordNet.Synset> byOffset = new HashMap<>();

    private record Pair(WordNet.Synset a, WordNet.Synset b) {}

    private Hypernym() {
        WordNet.synsets("noun").forEach(synset -> byOffset.put(synset.offset(), synset));
    }

    static Map<String, List<Example>> make() {
        Hypernym task = new Hypernym();
        Map<String, List<Pair>> positives = task.positives();
        Map<String, List<Example>> splits = new TreeMap<>();
        positives.forEach((split, pairs) -> splits.put(split, task.examples(split, pairs)));
        return splits;
    }

    private Map<String, List<Pair>> positives() {
        Map<String, List<Pair>> pairs = new TreeMap<>();
        List.of("train", "validation", "test").forEach(split -> pairs.put(split, new ArrayList<>()));
        Map<Integer, Integer> taken = new HashMap<>();
        for (WordNet.Synset a : shuffled(WordNet.synsets("noun"))) {
            for (int offset : a.hypernyms()) {
                WordNet.Synset b = byOffset.get(offset);
                String split = split(shown(a));
                if (split.equals(split(shown(b)))
                        && !alike(shown(a), shown(b))
                        && taken.merge(offset, 1, Integer::sum) <= MOST_PER_HYPERNYM) {
                    pairs.get(split).add(new Pair(a, b));
                }
            }
        }
        return pairs;
    }

    private List<Example> examples(String split, List<Pair> positives) {
        List<Example> examples = new ArrayList<>();
        int[] partner = derangement(positives, split);
        for (int i = 0; i < positives.size(); i++) {
            if (partner[i] < 0) {
                continue;
            }
            examples.add(example(positives.get(i).a(), positives.get(i).b(), "yes"));
            examples.add(example(positives.get(i).a(), positives.get(partner[i]).b(), "no"));
        }
        return List.copyOf(examples);
    }

    /** Closed cycles of pairs that may swap their B's; -1 for a pair that finds no partner. */
    private int[] derangement(List<Pair> pairs, String split) {
        int[] order = new KeyedRandom(SPLIT_SEED, "negatives/" + split).permutation(pairs.size());
        int[] partner = new int[pairs.size()];
        Arrays.fill(partner, -1);
        Deque<Integer> waiting = new ArrayDeque<>();
        for (int candidate : order) {
            Integer found = waiting.stream()
                    .filter(other -> unrelated(pairs.get(candidate), pairs.get(other)))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                waiting.add(candidate);
                continue;
            }
            waiting.remove(found);
            partner[candidate] = found;
            partner[found] = candidate;
        }
        return partner;
    }

    private boolean unrelated(Pair one, Pair other) {
        return negative(one.a(), other.b()) && negative(other.a(), one.b());
    }

    private boolean negative(WordNet.Synset a, WordNet.Synset b) {
        return !ancestors(a).contains(b.offset()) && !ancestors(b).contains(a.offset()) && !alike(shown(a), shown(b));
    }

    private Set<Integer> ancestors(WordNet.Synset synset) {
        Set<Integer> seen = new HashSet<>(Set.of(synset.offset()));
        Deque<Integer> open = new ArrayDeque<>(synset.hypernyms());
        while (!open.isEmpty()) {
            int next = open.pop();
            if (seen.add(next)) {
                open.addAll(byOffset.get(next).hypernyms());
            }
        }
        return seen;
    }

    private static Example example(WordNet.Synset a, WordNet.Synset b, String label) {
        return new Example("noun-" + a.offset() + "-" + b.offset(), shown(a), shown(b), label);
    }

    private static List<WordNet.Synset> shuffled(List<WordNet.Synset> synsets) {
        int[] order = new KeyedRandom(SPLIT_SEED, "hypernym").permutation(synsets.size());
        return Arrays.stream(order).mapToObj(synsets::get).toList();
    }

    private static String shown(WordNet.Synset synset) {
        return synset.lemmas().get(0);
    }

    private static String split(String lemma) {
        double draw = new KeyedRandom(SPLIT_SEED, "hypernym/" + lemma.toLowerCase(Locale.ROOT)).nextDouble();
        return draw < 0.8 ? "train" : draw < 0.9 ? "validation" : "test";
    }

    /** Whether the words share four letters in a row, or one holds the other. */
    private static boolean alike(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        if (a.contains(b) || b.contains(a)) {
            return true;
        }
        for (int i = 0; i + SHORTEST_SHARED <= a.length(); i++) {
            if (b.contains(a.substring(i, i + SHORTEST_SHARED))) {
                return true;
            }
        }
        return false;
    }
}
