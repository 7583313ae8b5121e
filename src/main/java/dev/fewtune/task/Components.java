package dev.fewtune.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups of synsets that no split may tear apart: synsets that share a lemma or a definition, directly or in a chain. */
final class Components {
    private final int[] parent;
    private final int giant;

    private Components(int[] parent, int giant) {
        this.parent = parent;
        this.giant = giant;
    }

    /** Joins synsets with a lemma in common (in lower case), and those with equal normalised definitions if asked. */
    static Components of(List<Synset> synsets, boolean joinDefinitions) {
        int[] parent = new int[synsets.size()];
        Map<String, Integer> first = new HashMap<>(4 * parent.length);
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
            Synset synset = synsets.get(i);
            for (String lemma : synset.keys()) {
                join(parent, i, first.putIfAbsent("lemma " + lemma, i));
            }
            String definition = synset.normalised();
            if (joinDefinitions && !definition.isEmpty()) {
                join(parent, i, first.putIfAbsent("definition " + definition, i));
            }
        }
        return new Components(parent, largest(parent));
    }

    /** The smallest index in the component of the i-th synset. */
    int root(int i) {
        return root(parent, i);
    }

    boolean inGiant(int i) {
        return root(i) == giant;
    }

    int giantSize() {
        int size = 0;
        for (int i = 0; i < parent.length; i++) {
            size += inGiant(i) ? 1 : 0;
        }
        return size;
    }

    private static void join(int[] parent, int i, Integer other) {
        if (other == null) {
            return;
        }
        int a = root(parent, i);
        int b = root(parent, other);
        parent[Math.max(a, b)] = Math.min(a, b);
    }

    private static int root(int[] parent, int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    private static int largest(int[] parent) {
        int[] sizes = new int[parent.length];
        int best = 0;
        for (int i = 0; i < parent.length; i++) {
            sizes[root(parent, i)]++;
        }
        for (int i = 0; i < sizes.length; i++) {
            best = sizes[i] > sizes[best] ? i : best;
        }
        return best;
    }
}
