package dev.fewtune.task;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connected components of the graph of synsets and what they share: their lemmas and their normalised definitions. Two
 * synsets of different components have no word and no definition in common.
 */
final class Components {
    private final int[] parent;

    private Components(int size) {
        parent = new int[size];
        Arrays.setAll(parent, i -> i);
    }

    /** @return for each synset the place of its component's first synset in the list */
    static int[] of(List<WordNet.Synset> synsets) {
        Components components = new Components(synsets.size());
        Map<String, Integer> firstWith = new HashMap<>();
        for (int i = 0; i < synsets.size(); i++) {
            for (String lemma : synsets.get(i).lemmas()) {
                components.join(firstWith, "lemma/" + lemma.toLowerCase(java.util.Locale.ROOT), i);
            }
            components.join(
                    firstWith, "text/" + WordNet.normalised(synsets.get(i).definition()), i);
        }
        int[] roots = new int[synsets.size()];
        Arrays.setAll(roots, components::root);
        return roots;
    }

    /** The component with the most synsets. */
    static int largest(int[] roots) {
        Map<Integer, Integer> sizes = new HashMap<>();
        for (int root : roots) {
            sizes.merge(root, 1, Integer::sum);
        }
        return sizes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private void join(Map<String, Integer> firstWith, String shared, int synset) {
        Integer other = firstWith.putIfAbsent(shared, synset);
        if (other != null) {
            int a = root(synset);
            int b = root(other);
            parent[Math.max(a, b)] = Math.min(a, b);
        }
    }

    private int root(int synset) {
        int root = synset;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }
}
