package dev.fewtune.train;

import dev.fewtune.corpus.Corpus;
import dev.fewtune.corpus.Noise;
import dev.fewtune.corpus.Noised;
import dev.fewtune.corpus.Unigram;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.text.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Blocks of text with words taken out, drawn anew in each pass over the text; those held out, always the same ones. */
final class Noising {
    private static final int COUNTED = 1000;

    private final Corpus corpus;
    private final Noise noise;
    private final int size;
    private final long seed;
    private final int heldOut;
    private int[] order;
    private long pass = -1;

    Noising(Corpus corpus, Noise noise, PretrainRequest request) {
        this.corpus = corpus;
        this.noise = noise;
        this.size = request.training().batchSize();
        this.seed = request.seed();
        this.heldOut = Math.min(request.heldOut(), corpus.heldOut());
    }

    /** @param number of the batch, from 0 over all passes */
    Batch batch(long number) {
        return batch(
                i -> {
                    long place = number * size + i;
                    long now = place / corpus.size();
                    int block = order(now)[(int) (place % corpus.size())];
                    return noise.of(corpus.block(block), new KeyedRandom(seed, "noise/%s/%s".formatted(now, block)));
                },
                size);
    }

    /** All that is looked at of the held-out text. */
    List<Batch> heldOut() {
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < heldOut; from += size) {
            int first = from;
            batches.add(batch(i -> heldOut(first + i), Math.min(size, heldOut - from)));
        }
        return batches;
    }

    /** Tokens that the held-out batches ask for, marks included. */
    long targets() {
        return IntStream.range(0, heldOut)
                .mapToLong(i -> asked(heldOut(i).target()).count())
                .sum();
    }

    /** Mean over those tokens, in nats. */
    double surprise(Unigram unigram) {
        return IntStream.range(0, heldOut)
                        .mapToDouble(i -> unigram.surprise(heldOut(i).target()))
                        .sum()
                / targets();
    }

    /**
     * How often each token stands in a target: words as in the whole text to learn from, and marks beside as many words
     * as in its first blocks.
     */
    Unigram unigram(int vocabulary) {
        long[] counts = corpus.counts(vocabulary);
        long[] marks = new long[vocabulary];
        long words = 0;
        for (int i = 0; i < Math.min(COUNTED, corpus.size()); i++) {
            int[] target = noise.of(corpus.block(i), new KeyedRandom(seed, "count/" + i))
                    .target();
            asked(target).filter(noise::marks).forEach(mark -> marks[mark]++);
            words += asked(target).filter(token -> !noise.marks(token)).count();
        }
        long all = Arrays.stream(counts).sum();
        for (int token = 0; token < vocabulary; token++) {
            counts[token] += Math.round((double) marks[token] * all / words);
        }
        return new Unigram(counts);
    }

    private static IntStream asked(int[] target) {
        return Arrays.stream(target).filter(token -> token != Noised.NOTHING);
    }

    private Noised heldOut(int number) {
        return noise.of(corpus.heldOut(number), new KeyedRandom(number, "held out"));
    }

    private int[] order(long now) {
        if (now != pass) {
            order = new KeyedRandom(seed, "blocks/" + now).permutation(corpus.size());
            pass = now;
        }
        return order;
    }

    private static Batch batch(IntFunction<Noised> texts, int count) {
        List<String> ids = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        List<int[]> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Noised text = texts.apply(i);
            ids.add(Integer.toString(i));
            tokens.add(new Tokens(text.input(), new int[text.input().length], false));
            written.add(text.target());
        }
        return Batch.of(
                new Encoded(ids, tokens, new double[count], written),
                IntStream.range(0, count).toArray());
    }
}
