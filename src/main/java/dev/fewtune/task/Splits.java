package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Examples by split. */
record Splits(List<Example> train, List<Example> validation, List<Example> test) {
    static final String TRAIN = "train";
    static final String VALIDATION = "validation";
    static final String TEST = "test";
    static final List<String> NAMES = List.of(TRAIN, VALIDATION, TEST);

    Splits {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    static Splits of(Map<String, List<Example>> byName) {
        return new Splits(byName.get(TRAIN), byName.get(VALIDATION), byName.get(TEST));
    }

    static Map<String, List<Example>> empty() {
        Map<String, List<Example>> byName = new LinkedHashMap<>();
        NAMES.forEach(name -> byName.put(name, new ArrayList<>()));
        return byName;
    }

    /** The split of a unit by a fixed hash of its key: this share of train, and half of the rest each to the others. */
    static String byHash(String key, double trainShare) {
        double place = uniform("split/" + key);
        if (place < trainShare) {
            return TRAIN;
        }
        return place < (1 + trainShare) / 2 ? VALIDATION : TEST;
    }

    /** A number in [0, 1) that depends on the key alone. */
    static double uniform(String key) {
        return new KeyedRandom(0, key).nextDouble();
    }

    static void check(String split) {
        if (!NAMES.contains(split)) {
            throw CellFailure.yours("There is no split %s. Known: %s.", split, String.join(", ", NAMES));
        }
    }

    List<Example> named(String split) {
        check(split);
        return split.equals(TRAIN) ? train : split.equals(TEST) ? test : validation;
    }
}
