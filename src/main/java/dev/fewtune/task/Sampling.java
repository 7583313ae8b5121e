package dev.fewtune.task;

import dev.fewtune.spec.KeyedRandom;
import java.util.Comparator;
import java.util.List;

/** Draws the same examples whatever else happens. */
final class Sampling {
    private Sampling() {}

    static List<Example> take(List<Example> all, int max, long seed) {
        if (max <= 0 || max >= all.size()) {
            return List.copyOf(all);
        }
        return all.stream()
                .map(example -> new Keyed(new KeyedRandom(seed, "sample/" + example.id()).nextLong(), example))
                .sorted(Comparator.comparingLong(Keyed::key)
                        .thenComparing(keyed -> keyed.example().id()))
                .limit(max)
                .map(Keyed::example)
                .toList();
    }

    private record Keyed(long key, Example example) {}
}
