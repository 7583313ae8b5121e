package dev.fewtune.backbone;

import java.io.IOException;
import java.nio.file.Path;

/** A pretrained network as others have saved it. */
interface Pretrained {
    ModelConfig config();

    /** SHA-256 of its content, or another stable name. */
    String identity() throws IOException;

    /**
     * Writes all weights under our names as one aligned safetensors file, one tensor at a time.
     *
     * @throws MalformedFile where the content is broken
     * @throws dev.fewtune.spec.CellFailure with cause YOURS where the weights are not those of the configuration
     */
    void convert(Path target, Precision precision) throws IOException;
}
