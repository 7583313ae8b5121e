package dev.fewtune.train;

import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.text.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Made-up examples of three classes for the tiny backbone: the class decides which tokens are frequent. */
final class Samples {
    private Samples() {}

    static Encoded split(String name, int size) {
        KeyedRandom random = new KeyedRandom(11, name);
        List<String> ids = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        double[] targets = new double[size];
        for (int i = 0; i < size; i++) {
            int target = random.nextInt(3);
            int length = 2 + random.nextInt(7);
            int[] numbers = IntStream.range(0, length)
                    .map(place -> place == 0 ? 1 : 2 + 10 * target + random.nextInt(12))
                    .toArray();
            ids.add(name + ":" + i);
            tokens.add(new Tokens(numbers, new int[length], false));
            targets[i] = target;
        }
        return new Encoded(ids, tokens, targets);
    }

    /** The same of two tasks, of three and two classes, one example of each in turn; classes stand side by side. */
    static Encoded together(String name, int size) {
        Encoded one = split(name, size);
        int[] tasks = IntStream.range(0, size).map(i -> i % 2).toArray();
        double[] targets = IntStream.range(0, size)
                .mapToDouble(i -> tasks[i] == 0 ? one.targets()[i] : 3 + one.targets()[i] % 2)
                .toArray();
        return new Encoded(one.ids(), one.tokens(), targets, List.of(), tasks);
    }

    static Batch batch(int from, int width) {
        return Batch.of(split("batch", 12), IntStream.range(from, 12).toArray(), width);
    }
}
