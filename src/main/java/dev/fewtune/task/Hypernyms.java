package dev.fewtune.task;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Is A a kind of B? Positives are direct {@code @} pointers between nouns (instances such as cities have none), shown by
 * the first lemma of each synset. A synset belongs to the split that the hash of this lemma names, and a pair counts
 * only where both ends are in one split; at most {@link #PER_HYPERNYM} pairs share a B; A and B share no run of
 * {@link #RUN} characters, nor does one contain the other; words below {@link #SHORTEST} characters are left out. Negatives pair the A's of a split with the same B's in
 * another order, so that A alone or B alone tells nothing.
 */
final class Hypernyms {
    static final List<String> CLASSES = List.of("no", "yes");
    static final int PER_HYPERNYM = 10;
    static final int RUN = 4;
    static final int SHORTEST = 3;
    /** Pairs need both ends in one split, so a share enters squared: 36, 4 and 4 % of the edges remain. */
    private static final double TRAIN_SHARE = 0.6;

    private final Map<String, Synset> byId = new HashMap<>();
    private final Map<String, List<Synset>> byLemma = new HashMap<>();
    private final Map<String, Set<String>> kinds = new HashMap<>();

    private Hypernyms(List<Synset> nouns) {
        for (Synset synset : nouns) {
            byId.put(synset.id(), synset);
            synset.keys().forEach(lemma -> byLemma.computeIfAbsent(lemma, key -> new ArrayList<>())
                    .add(synset));
        }
    }

    static Splits of(WordNet wordNet) {
        return new Hypernyms(wordNet.nouns()).split(wordNet.nouns());
    }

    private Splits split(List<Synset> nouns) {
        Map<String, List<Pair>> positives = new HashMap<>();
        Map<String, Integer> used = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Pair pair : edges(nouns)) {
            String split = pair.split();
            if (split == null
                    || pair.isShort()
                    || pair.sharesText()
                    || used.getOrDefault(pair.keyB(), 0) >= PER_HYPERNYM) {
                continue;
            }
            if (seen.add(pair.key())) {
                used.merge(pair.keyB(), 1, Integer::sum);
                positives.computeIfAbsent(split, name -> new ArrayList<>()).add(pair);
            }
        }
        Map<String, List<Example>> splits = Splits.empty();
        splits.forEach((name, examples) -> fill(examples, name, positives.get(name)));
        return Splits.of(splits);
    }

    /** All edges in the order of a fixed hash, so that the limit per hypernym takes no side. */
    private List<Pair> edges(List<Synset> nouns) {
        Map<Pair, Double> place = new HashMap<>();
        for (Synset synset : nouns) {
            for (String id : synset.hypernyms()) {
                Synset hypernym = byId.get(id);
                // Everything is a kind of the root, so that no false pair could be made with it.
                if (!hypernym.hypernyms().isEmpty()) {
                    Pair pair = new Pair(synset.id() + "-" + id, synset.displayed(), hypernym.displayed());
                    place.put(pair, Splits.uniform("hypernym/" + pair.id()));
                }
            }
        }
        return place.keySet().stream()
                .sorted(Comparator.comparing((Pair pair) -> place.get(pair)).thenComparing(Pair::id))
                .toList();
    }

    private void fill(List<Example> examples, String split, List<Pair> positives) {
        int[] order = repair(positives, new KeyedRandom(0, "hypernym/" + split));
        for (int i = 0; i < positives.size(); i++) {
            Pair pair = positives.get(i);
            Pair other = positives.get(order[i]);
            examples.add(new Example(pair.id(), pair.a(), pair.b(), "yes"));
            examples.add(new Example(pair.id() + "/" + other.id(), pair.a(), other.b(), "no"));
        }
    }

    /** A permutation of the B's under which every pair is new and false: wrong pairs swap with random others. */
    private int[] repair(List<Pair> pairs, KeyedRandom random) {
        int[] order = random.permutation(pairs.size());
        for (int round = 0; round < 1000; round++) {
            Set<String> seen = new HashSet<>();
            List<Integer> wrong = new ArrayList<>();
            for (int i = 0; i < order.length; i++) {
                Pair made = pairs.get(i).with(pairs.get(order[i]));
                if (!isFalse(made) || !seen.add(made.key())) {
                    wrong.add(i);
                }
            }
            if (wrong.isEmpty()) {
                return order;
            }
            for (int i : wrong) {
                int j = random.nextInt(order.length);
                if (isFalse(pairs.get(i).with(pairs.get(order[j])))
                        && isFalse(pairs.get(j).with(pairs.get(order[i])))) {
                    int kept = order[i];
                    order[i] = order[j];
                    order[j] = kept;
                }
            }
        }
        throw new IllegalStateException("No false pairing of %s pairs was found.".formatted(pairs.size()));
    }

    private boolean isFalse(Pair pair) {
        return !pair.sharesText()
                && !kinds.computeIfAbsent(pair.a().toLowerCase(Locale.ROOT), this::kindsOf)
                        .contains(pair.keyB());
    }

    /** Every lemma of every synset above any meaning of the word, instances included, and its synonyms. */
    private Set<String> kindsOf(String lemma) {
        Set<String> lemmas = new HashSet<>();
        Set<String> visited = new HashSet<>();
        Deque<Synset> open = new ArrayDeque<>(byLemma.get(lemma));
        while (!open.isEmpty()) {
            Synset synset = open.pop();
            if (visited.add(synset.id())) {
                lemmas.addAll(synset.keys());
                synset.hypernyms().forEach(id -> open.push(byId.get(id)));
                synset.instanceOf().forEach(id -> open.push(byId.get(id)));
            }
        }
        return lemmas;
    }

    private record Pair(String id, String a, String b) {
        Pair with(Pair other) {
            return new Pair(id, a, other.b());
        }

        String keyB() {
            return b.toLowerCase(Locale.ROOT);
        }

        String key() {
            return a.toLowerCase(Locale.ROOT) + "\t" + keyB();
        }

        /** The split of both ends, or null where they differ. */
        String split() {
            String split = Splits.byHash("hypernym/" + keyB(), TRAIN_SHARE);
            return split.equals(Splits.byHash("hypernym/" + a.toLowerCase(Locale.ROOT), TRAIN_SHARE)) ? split : null;
        }

        /** Letters and abbreviations stand in too many other words. */
        boolean isShort() {
            return Math.min(a.length(), b.length()) < SHORTEST;
        }

        boolean sharesText() {
            String first = a.toLowerCase(Locale.ROOT);
            String second = keyB();
            int run = Math.min(RUN, Math.min(first.length(), second.length()));
            for (int i = 0; i + run <= first.length(); i++) {
                if (second.contains(first.substring(i, i + run))) {
                    return true;
                }
            }
            return false;
        }
    }
}
