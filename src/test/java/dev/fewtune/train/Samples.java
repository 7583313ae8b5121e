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

    static Batch batch(int from, int width) {
        return Batch.of(split("batch", 12), IntStream.range(from, 12).toArray(), width);
    }
}
