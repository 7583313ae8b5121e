package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A sentence encoder of 384 numbers a token, from the float32 ONNX file in a Maven artifact on the class path. */
final class MavenEncoder implements Backbone {
    private static final String OTHERS_ABSENT =
            "This build is without bge-small and e5-small. Maybe build it with -Pencoders (266 MB).";

    private final String name;
    private final String title;
    private final String artifact;
    private final String version;
    private final String licence;
    private final Bert network;

    private MavenEncoder(String name, String title, String artifact, String version, String licence, int layers) {
        this.name = name;
        this.title = title;
        this.artifact = artifact;
        this.version = version;
        this.licence = licence;
        this.network =
                new Bert(new BertConfig("bert", 30_522, 384, layers, 12, 1536, 512, 2, Activation.GELU, 1e-12, 0));
    }

    static MavenEncoder miniLm() {
        return new MavenEncoder("minilm-l6", "all-MiniLM-L6-v2", "all-minilm-l6-v2", "1.19.0-beta29", "Apache-2.0", 6);
    }

    static MavenEncoder bgeSmall() {
        return new MavenEncoder("bge-small", "bge-small-en-v1.5", "bge-small-en-v15", "0.36.2", "MIT", 12);
    }

    static MavenEncoder e5Small() {
        return new MavenEncoder("e5-small", "e5-small-v2", "e5-small-v2", "0.36.2", "MIT", 12);
    }

    @Override
    public BackboneSpec spec() {
        return new BackboneSpec(
                name,
                title,
                "bert",
                "Maven: dev.langchain4j:langchain4j-embeddings-%s:%s".formatted(artifact, version),
                licence,
                network.parameters(),
                network.maxLength(),
                network.config().width(),
                network.config().vocabulary(),
                false,
                isThere() ? "" : OTHERS_ABSENT);
    }

    @Override
    public String identity() {
        return artifact + "-" + version;
    }

    @Override
    public void convert(Path target) throws IOException {
        try (InputStream onnx = resource(".onnx")) {
            Safetensors.write(target, OnnxWeights.bert(onnx.readAllBytes()));
        }
    }

    @Override
    public String tokenizerJson() throws IOException {
        try (InputStream json = resource("-tokenizer.json")) {
            return new String(json.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public Map<String, List<String>> foreignNames() {
        return network.config().inventory().foreignNames();
    }

    @Override
    public void save(Outfit outfit, Path folder) throws IOException {
        Map<String, byte[]> files = Map.of(NewFolder.TOKENIZER, tokenizerJson().getBytes(StandardCharsets.UTF_8));
        NewFolder.dressed(folder, network.config().json("BertModel"), files, pieces(), outfit);
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return network.hidden(layers, ids, types, mask);
    }

    boolean isThere() {
        return MavenEncoder.class.getClassLoader().getResource(file(".onnx")) != null;
    }

    /** The name of a file of the artifact: that of the model in small letters. */
    String file(String ending) {
        return title.toLowerCase(java.util.Locale.ROOT) + ending;
    }

    /** It comes without its masked-language head. */
    private List<Piece> pieces() {
        return network.config().inventory().pieces().stream()
                .filter(piece -> piece.part().isEmpty())
                .toList();
    }

    private InputStream resource(String ending) {
        InputStream in = MavenEncoder.class.getClassLoader().getResourceAsStream(file(ending));
        if (in == null) {
            throw CellFailure.yours(OTHERS_ABSENT);
        }
        return in;
    }
}
