package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.graft.Weights;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.types.family.TFloating;

/** The weights of a backbone and its tokenizer, which is opened only where a text is to be read. */
record ReadWeights(Backbone backbone, Weights weights) implements Weights {
    private static final int LONGEST = 8192;

    @Override
    public long[] shape(String name) {
        return weights.shape(name);
    }

    /** @throws CellFailure with cause YOURS where the backbone has no tokenizer that can be used here */
    @Override
    public int[] tokens(String text, boolean special) {
        String name = backbone.spec().name();
        try {
            byte[] json = Known.tokenizerJson(backbone).getBytes(StandardCharsets.UTF_8);
            try (Tokenizer tokenizer = TokenizerJson.read(name, new ByteArrayInputStream(json))) {
                int[] ids =
                        tokenizer.encode(List.of(text), null, LONGEST).get(0).ids();
                return special
                        ? ids
                        : Arrays.stream(ids)
                                .filter(id -> !special(tokenizer, id))
                                .toArray();
            }
        } catch (IOException e) {
            throw CellFailure.yours(
                    "The text '%s' cannot be turned into tokens: %s Maybe init: vocab, or a tokenizer.json beside the "
                            + "weights of %s.",
                    text, e.getMessage(), name);
        }
    }

    @Override
    public double[] row(String name, int row) {
        return weights.row(name, row);
    }

    @Override
    public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
        return weights.tensor(name, type, shared);
    }

    private static boolean special(Tokenizer tokenizer, int id) {
        int[] alone = {id};
        return tokenizer.decode(alone, true).isEmpty()
                && !tokenizer.decode(alone, false).isEmpty();
    }
}
