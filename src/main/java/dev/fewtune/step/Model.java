package dev.fewtune.step;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Supply;

/** A pretrained model that is here, whole. */
public interface Model {
    BackboneSpec spec();

    /** Of its content, weights and tokenizer included; the commit for a model of the Hub. */
    String hash();

    /**
     * Opened anew; the caller closes it.
     *
     * @throws dev.fewtune.spec.CellFailure with cause YOURS where the model has none that can be used
     */
    Tokenizer tokenizer();

    /** Knows the model by the name in its spec. */
    Supply supply();
}
