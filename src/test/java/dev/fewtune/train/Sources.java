package dev.fewtune.train;

import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import dev.fewtune.spec.KeyedRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What earlier steps might have learned. */
final class Sources {
    /** Rows of a prompt, as many as the contract asks methods for. */
    static final int LENGTH = 4;

    private Sources() {}

    /** Prompts of two tasks. */
    static List<Source> tiny(int width) {
        return List.of(prompt("one", width), prompt("two", width));
    }

    static Source prompt(String task, int width) {
        return new Source(Source.PROMPT, task, Map.of(Source.ROWS, made(task, LENGTH, width)));
    }

    static Made made(String name, long... shape) {
        KeyedRandom random = new KeyedRandom(5, name);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextGaussian() / 2);
        return new Made(shape, values);
    }
}
