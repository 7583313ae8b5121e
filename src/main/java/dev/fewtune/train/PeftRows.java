package dev.fewtune.train;

import java.util.List;

/** The one tensor of prompts and prefixes in PEFT: what stands beside each other there are tensors of their own here. */
final class PeftRows {
    static final String NAME = "prompt_embeddings";

    private PeftRows() {}

    /** The number of a layer in a name such as {@code decoder.3.attention.prefix_key}; -1 where there is none. */
    static int layer(String name) {
        String[] words = name.split("\\.");
        return words.length > 1 && words[1].matches("\\d+") ? Integer.parseInt(words[1]) : -1;
    }

    /** Matrices with as many rows each. */
    static Numbers beside(List<Numbers> parts) {
        int rows = Math.toIntExact(parts.get(0).shape()[0]);
        int width = parts.stream().mapToInt(part -> (int) part.shape()[1]).sum();
        double[] all = new double[rows * width];
        int from = 0;
        for (Numbers part : parts) {
            int own = (int) part.shape()[1];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(part.values(), row * own, all, row * width + from, own);
            }
            from += own;
        }
        return new Numbers(new long[] {rows, width}, all);
    }

    /**
     * Keys whose heads are turned as by so many places; see {@link dev.fewtune.backbone.Backbone#turns}. PEFT counts the
     * places of a text from behind the prefix on, and ours from 0: as places turn queries, the same scores come of keys
     * that are turned by the length of the prefix.
     */
    static Numbers turned(Numbers keys, double[] turns, int places) {
        double[] all = keys.values().clone();
        int half = turns.length;
        for (int head = 0; head < all.length; head += 2 * half) {
            for (int pair = 0; pair < half; pair++) {
                double cosine = Math.cos(places * turns[pair]);
                double sine = Math.sin(places * turns[pair]);
                double first = all[head + pair];
                double second = all[head + half + pair];
                all[head + pair] = first * cosine - second * sine;
                all[head + half + pair] = second * cosine + first * sine;
            }
        }
        return new Numbers(keys.shape(), all);
    }
}
