package dev.fewtune.corpus;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.text.Tokenizer;
import java.util.Arrays;

/**
 * BERT's masked language model (Devlin et al., arXiv 1810.04805, section 3.1): a token is chosen with a probability; of
 * the chosen ones 80 % become the mask, 10 % any token, and 10 % stay. Drawn anew in each pass, as in RoBERTa (Liu et
 * al., arXiv 1907.11692, section 4.1). A block with nothing chosen has one token chosen.
 */
public final class MaskedWords implements Noise {
    private static final double MASKED = 0.8;
    private static final double ANY = 0.9;

    private final double density;
    private final int first;
    private final int last;
    private final int mask;
    private final int vocabulary;

    /**
     * @param density probability that a token is chosen, in (0, 1)
     * @param first token before each block
     * @param last token after each block
     * @param mask token of what is hidden
     * @param vocabulary number of tokens of which a random one is drawn
     */
    public MaskedWords(double density, int first, int last, int mask, int vocabulary) {
        if (!(density > 0 && density < 1)) {
            throw new IllegalArgumentException("The density (%s) must lie in (0, 1).".formatted(density));
        }
        this.density = density;
        this.first = first;
        this.last = last;
        this.mask = mask;
        this.vocabulary = vocabulary;
    }

    /**
     * With [CLS], [SEP] and [MASK] of a tokenizer.
     *
     * @throws CellFailure with cause YOURS where one of them is missing
     */
    public static MaskedWords of(Tokenizer tokenizer, double density) {
        return new MaskedWords(
                density,
                number(tokenizer, "[CLS]"),
                number(tokenizer, "[SEP]"),
                number(tokenizer, "[MASK]"),
                tokenizer.vocabularySize());
    }

    @Override
    public int blockLength(int length) {
        return length - 2;
    }

    @Override
    public int targetLength(int length) {
        return length;
    }

    @Override
    public boolean marks(int token) {
        return token == Noised.NOTHING;
    }

    @Override
    public Noised of(int[] block, KeyedRandom random) {
        int[] input = new int[block.length + 2];
        int[] target = new int[input.length];
        Arrays.fill(target, Noised.NOTHING);
        input[0] = first;
        input[input.length - 1] = last;
        System.arraycopy(block, 0, input, 1, block.length);
        int chosen = 0;
        for (int i = 0; i < block.length; i++) {
            if (random.nextDouble() < density) {
                hide(block[i], i + 1, input, target, random);
                chosen++;
            }
        }
        if (chosen == 0) {
            int place = random.nextInt(block.length);
            hide(block[place], place + 1, input, target, random);
        }
        return new Noised(input, target);
    }

    private void hide(int token, int place, int[] input, int[] target, KeyedRandom random) {
        target[place] = token;
        double draw = random.nextDouble();
        if (draw < MASKED) {
            input[place] = mask;
        } else if (draw < ANY) {
            input[place] = random.nextInt(vocabulary);
        }
    }

    private static int number(Tokenizer tokenizer, String token) {
        return tokenizer
                .tokenId(token)
                .orElseThrow(() -> CellFailure.yours(
                        "The tokenizer has no token %s, which a masked language model needs. Maybe take the tokenizer of a "
                                + "BERT.",
                        token));
    }
}
