package dev.fewtune.corpus;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.text.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * T5's denoising (Raffel et al., arXiv 1910.10683, section 3.1.4 and the released code): spans of text are replaced by
 * sentinels, each another one, and the target is each sentinel with the span that it stands for. Lengths of the spans
 * and of what stands between them are drawn evenly over all ways to cut; a block begins with text and ends with a span.
 */
public final class SpanCorruption implements Noise {
    private final double density;
    private final double meanSpan;
    private final int[] sentinels;
    private final int end;

    /**
     * @param density share of the tokens that is replaced, in (0, 1)
     * @param meanSpan mean length of a span in tokens, at least 1
     * @param sentinels token numbers, in the order of their use
     * @param end token that ends input and target
     */
    public SpanCorruption(double density, double meanSpan, int[] sentinels, int end) {
        if (!(density > 0 && density < 1) || !(meanSpan >= 1)) {
            throw new IllegalArgumentException(
                    "The density (%s) must lie in (0, 1), and the mean span (%s) be at least 1."
                            .formatted(density, meanSpan));
        }
        this.density = density;
        this.meanSpan = meanSpan;
        this.sentinels = sentinels.clone();
        this.end = end;
    }

    /**
     * With the sentinels {@code <extra_id_0>}, {@code <extra_id_1>} ... of a tokenizer.
     *
     * @throws CellFailure with cause YOURS where it has none
     */
    public static SpanCorruption of(Tokenizer tokenizer, double density, double meanSpan, int end) {
        int[] found = java.util.stream.IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> tokenizer.tokenId("<extra_id_%d>".formatted(i)))
                .takeWhile(OptionalInt::isPresent)
                .mapToInt(OptionalInt::getAsInt)
                .toArray();
        if (found.length == 0) {
            throw CellFailure.yours(
                    "The tokenizer has no token <extra_id_0>, which stands for a span that is taken out. "
                            + "Maybe take the tokenizer of a T5.");
        }
        return new SpanCorruption(density, meanSpan, found, end);
    }

    @Override
    public int blockLength(int length) {
        int block = length;
        while (inputLength(block + 1) <= length) {
            block++;
        }
        return block;
    }

    @Override
    public int targetLength(int length) {
        int block = blockLength(length);
        return removed(block) + spans(block) + 1;
    }

    @Override
    public Noised of(int[] block, KeyedRandom random) {
        int removed = removed(block.length);
        int spans = spans(block.length);
        int[] out = pieces(removed, spans, random);
        int[] kept = pieces(block.length - removed, spans, random);
        int[] input = new int[block.length - removed + spans + 1];
        int[] target = new int[removed + spans + 1];
        int from = 0;
        int read = 0;
        int written = 0;
        for (int span = 0; span < spans; span++) {
            System.arraycopy(block, from, input, read, kept[span]);
            read += kept[span];
            from += kept[span];
            input[read++] = sentinels[span];
            target[written++] = sentinels[span];
            System.arraycopy(block, from, target, written, out[span]);
            written += out[span];
            from += out[span];
        }
        input[read] = end;
        target[written] = end;
        return new Noised(input, target);
    }

    @Override
    public boolean marks(int token) {
        return token == end || Arrays.stream(sentinels).anyMatch(sentinel -> sentinel == token);
    }

    private int inputLength(int block) {
        return block - removed(block) + spans(block) + 1;
    }

    private int removed(int block) {
        return Math.min(block - 1, Math.max(1, (int) Math.round(block * density)));
    }

    private int spans(int block) {
        int wanted = Math.max(1, (int) Math.round(removed(block) / meanSpan));
        return Math.min(Math.min(wanted, sentinels.length), block - removed(block));
    }

    /** Cuts {@code size} into {@code count} positive parts, all ways equally likely. */
    private static int[] pieces(int size, int count, KeyedRandom random) {
        boolean[] begins = new boolean[size - 1];
        int[] order = random.permutation(size - 1);
        for (int i = 0; i < count - 1; i++) {
            begins[order[i]] = true;
        }
        int[] parts = new int[count];
        int part = 0;
        parts[0] = 1;
        for (boolean next : begins) {
            if (next) {
                part++;
            }
            parts[part]++;
        }
        return parts;
    }
}
