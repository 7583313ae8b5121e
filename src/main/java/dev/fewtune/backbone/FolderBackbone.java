package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A model in a folder as Transformers saves it: config.json, safetensors and a tokenizer. */
public final class FolderBackbone implements Backbone {
    private static final String TOKENIZER = "tokenizer.json";
    /** Is there where a masked-language head is. */
    private static final String MASK_HEAD = "mlm.head.bias";

    private final String name;
    private final Path folder;
    private final String identity;
    private final HuggingFaceFolder files;
    private final Network network;

    private FolderBackbone(String name, Path folder, String identity, HuggingFaceFolder files) {
        this.name = name;
        this.folder = folder;
        this.identity = identity;
        this.files = files;
        this.network = files.config().network();
    }

    /**
     * @param name as the workflow says it
     * @throws CellFailure with cause YOURS where the folder holds no model that can be read, and RESOURCE where it cannot
     *     be read at all
     */
    public static FolderBackbone open(String name, Path folder) {
        return open(name, folder, null);
    }

    /**
     * As above, where the content of the folder has been hashed already.
     *
     * @param identity of the content; null to find it
     */
    public static FolderBackbone open(String name, Path folder, String identity) {
        try {
            return new FolderBackbone(name, folder, identity, HuggingFaceFolder.open(folder));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** What the configuration tells; the weights are not looked at. Failures as above. */
    public static BackboneSpec look(String name, Path folder) {
        try {
            return spec(name, folder, ConfigFile.read(folder));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    @Override
    public BackboneSpec spec() {
        return spec(name, folder, files.config());
    }

    @Override
    public String identity() {
        try {
            return identity == null ? files.identity() : identity;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    @Override
    public void convert(Path target) throws IOException {
        files.convert(target, Precision.F32);
    }

    @Override
    public String tokenizerJson() throws IOException {
        return Files.readString(folder.resolve(TOKENIZER));
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return network.hidden(layers, ids, types, mask);
    }

    @Override
    public Map<String, List<String>> foreignNames() {
        return files.config().inventory().foreignNames();
    }

    @Override
    public void save(Outfit outfit, Path target) throws IOException {
        List<Piece> pieces = files.config().inventory().pieces().stream()
                .filter(piece -> files.names().contains(piece.name()))
                .toList();
        NewFolder.dressed(target, ConfigFile.tree(folder), NewFolder.tokenizerFiles(folder), pieces, outfit);
    }

    @Override
    public double[] turns() {
        return network.turns();
    }

    @Override
    public Optional<Writer> writer() {
        return network instanceof Writer writer ? Optional.of(writer) : Optional.empty();
    }

    @Override
    public Optional<Vocabulary> filler() {
        return files.names().contains(MASK_HEAD) ? Optional.of(network) : Optional.empty();
    }

    private static BackboneSpec spec(String name, Path folder, ModelConfig config) {
        long parameters = config.inventory().pieces().stream()
                .filter(piece -> piece.part().isEmpty())
                .mapToLong(piece -> Arrays.stream(piece.shape()).reduce(1, Math::multiplyExact))
                .sum();
        return new BackboneSpec(
                name,
                String.valueOf(folder.getFileName()),
                config.family(),
                folder.toString(),
                "as the folder's owner says",
                parameters,
                config.network().maxLength(),
                config.width(),
                config.vocabulary(),
                config.causal(),
                "");
    }

    private static CellFailure unreadable(Path folder, IOException e) {
        return new CellFailure(
                Cause.RESOURCE, "The model in %s cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
}
