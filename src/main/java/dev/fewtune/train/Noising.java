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

    /** Words that the held-out batches ask for. */
    long words() {
        return IntStream.range(0, heldOut)
                .mapToLong(i ->
                        Arrays.stream(heldOut(i).target()).filter(this::isWord).count())
                .sum();
    }

    /** Of one batch, marks included, over its words. */
    double perWord(double meanLoss, Batch batch) {
        long words = batch.written().stream()
                .flatMapToInt(Arrays::stream)
                .filter(this::isWord)
                .count();
        long all = batch.written().stream()
                .flatMapToInt(Arrays::stream)
                .filter(token -> token != Likelihoods.NONE)
                .count();
        return meanLoss * all / words;
    }

    /** In nats per word. */
    double surprise(Unigram unigram) {
        return IntStream.range(0, heldOut)
                        .mapToDouble(i -> unigram.surprise(heldOut(i).target(), this::isWord))
                        .sum()
                / words();
    }

    private boolean isWord(int token) {
        return !noise.marks(token);
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
