package dev.fewtune.wiring;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.step.Model;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Supply;
import java.io.IOException;

/**
 * A model of this machine.
 *
 * @param opens a tokenizer
 */
record LocalModel(BackboneSpec spec, String hash, Supply supply, Opening opens) implements Model {
    interface Opening {
        Tokenizer open() throws IOException;
    }

    @Override
    public Tokenizer tokenizer() {
        try {
            return opens.open();
        } catch (IOException unreadable) {
            throw new CellFailure(
                    Cause.RESOURCE,
                    "The tokenizer of %s cannot be read: %s".formatted(spec.name(), unreadable.getMessage()),
                    unreadable);
        }
    }
}
