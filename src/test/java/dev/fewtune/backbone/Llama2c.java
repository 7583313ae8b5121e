package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A network in the format of llama2.c. */
public final class Llama2c implements Backbone {
    private final LlamaBin file;
    private final Llama network;

    public Llama2c(Path file) throws IOException {
        this.file = LlamaBin.open(file);
        this.network = new Llama(this.file.config());
    }

    @Override
    public BackboneSpec spec() {
        LlamaConfig config = file.config();
        return new BackboneSpec(
                "llama2c",
                "llama2.c",
                "llama",
                "a file",
                "its owner's",
                0,
                network.maxLength(),
                config.width(),
                config.vocabulary(),
                true,
                "");
    }

    @Override
    public String identity() {
        try {
            return file.identity();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void convert(Path target) throws IOException {
        file.convert(target, Precision.F32);
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return network.hidden(layers, ids, types, mask);
    }

    @Override
    public Optional<Writer> writer() {
        return Optional.of(network);
    }
}
