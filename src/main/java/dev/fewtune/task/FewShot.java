package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Few examples of train, as the code of ATTEMPT and DePT draws them: train is shuffled by the seed; from its front each
 * class gives as many as go evenly into the whole, and what is then missing is filled up from the front by any class.
 * Numbers make two classes, below the middle of their range and from there on; texts make none. The code's shuffle is
 * another one, so that the examples are not those of the papers.
 *
 * @param shots examples in all, or of each class
 * @param perClass whether they are of each class
 * @param seed of the shuffle, apart from that of a training
 */
public record FewShot(int shots, boolean perClass, int seed) {
    public FewShot {
        if (shots < 1) {
            throw new IllegalArgumentException("The shots (%s) must be at least 1.".formatted(shots));
        }
    }

    /**
     * In the order in which they are drawn.
     *
     * @throws CellFailure YOURS where a class has too few, or train as a whole
     */
    public List<Example> take(Task task) {
        List<Example> all = TorchShuffle.of(task.examples(Splits.TRAIN), seed);
        Map<Example, String> classes = classes(task, all);
        List<String> names = task.labels().isEmpty()
                ? classes.values().stream().distinct().sorted().toList()
                : task.labels();
        int whole = perClass ? shots * names.size() : shots;
        if (all.size() < whole) {
            throw CellFailure.yours(
                    "The train split of %s has %s examples, and %s are asked for. Maybe fewer shots.",
                    task.name(), all.size(), whole);
        }
        int each = perClass ? shots : shots / names.size();
        Set<Example> taken = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        List<Example> drawn = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Example example : all) {
            String name = classes.get(example);
            if (counts.getOrDefault(name, 0) < each) {
                counts.merge(name, 1, Integer::sum);
                taken.add(example);
                drawn.add(example);
            }
        }
        if (perClass) {
            requireEach(task, names, counts);
        }
        for (Example example : all) {
            if (drawn.size() < whole && taken.add(example)) {
                drawn.add(example);
            }
        }
        return List.copyOf(drawn);
    }

    /** Such as "16 shots, drawn by seed 3". */
    public String says() {
        return "%s shots%s, drawn by seed %s".formatted(shots, perClass ? " of each class" : " in all", seed);
    }

    private void requireEach(Task task, List<String> names, Map<String, Integer> counts) {
        Set<String> few = new LinkedHashSet<>(names);
        few.removeIf(name -> counts.getOrDefault(name, 0) == shots);
        if (!few.isEmpty()) {
            String first = few.iterator().next();
            throw CellFailure.yours(
                    "The class %s of %s has %s examples in train, and %s of each class are asked for. Maybe fewer"
                            + " shots.",
                    first, task.name(), counts.getOrDefault(first, 0), shots);
        }
    }

    private static Map<Example, String> classes(Task task, List<Example> all) {
        Map<Example, String> classes = new java.util.IdentityHashMap<>();
        if (!task.regression()) {
            all.forEach(example -> classes.put(example, task.texts() ? "" : example.label()));
            return classes;
        }
        double[] values = all.stream()
                .mapToDouble(example -> Double.parseDouble(example.label()))
                .toArray();
        double middle = (java.util.Arrays.stream(values).min().orElse(0)
                        + java.util.Arrays.stream(values).max().orElse(0))
                / 2;
        for (int i = 0; i < values.length; i++) {
            classes.put(all.get(i), values[i] < middle ? "low" : "high");
        }
        return classes;
    }
}
