package dev.fewtune.backbone;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.DataType;

/**
 * The tensors of a TensorFlow checkpoint of BERT under the names that Hugging Face has for them, read from the stream of
 * its one data file. Matrices are [in, out].
 */
final class BundleTensors implements ForeignTensors {
    private final InputStream data;
    private final Map<String, BundleEntryProto> entries;
    private long position;

    /**
     * @param index by TensorFlow's names
     * @param data closed with this
     */
    BundleTensors(Map<String, BundleEntryProto> index, InputStream data) {
        this.data = data;
        this.entries = new LinkedHashMap<>();
        index.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> entry.getValue().getOffset()))
                .forEach(entry -> entries.put(name(entry.getKey()), entry.getValue()));
    }

    /** Such as {@code bert.encoder.layer.0.output.LayerNorm.weight} for {@code module/bert/encoder/layer_0/output/LayerNorm/gamma}. */
    static String name(String foreign) {
        return foreign.replaceFirst("^module/", "")
                .replace('/', '.')
                .replaceFirst("\\.layer_(\\d+)\\.", ".layer.$1.")
                .replaceFirst("\\.(kernel|gamma)$", ".weight")
                .replaceFirst("\\.beta$", ".bias")
                .replaceFirst("_embeddings$", "_embeddings.weight")
                .replaceFirst("^cls\\.predictions\\.output_bias$", "cls.predictions.bias");
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public NumberType type(String name) {
        DataType type = entries.get(name).getDtype();
        return switch (type) {
            case DT_FLOAT -> NumberType.F32;
            case DT_DOUBLE -> NumberType.F64;
            case DT_HALF -> NumberType.F16;
            case DT_BFLOAT16 -> NumberType.BF16;
            case DT_INT32 -> NumberType.I32;
            case DT_INT64 -> NumberType.I64;
            default -> NumberType.U8;
        };
    }

    @Override
    public long[] shape(String name) {
        return entries.get(name).getShape().getDimList().stream()
                .mapToLong(dim -> dim.getSize())
                .toArray();
    }

    /** @throws MalformedFile where the bytes are cut off or have another checksum */
    @Override
    public ByteBuffer bytes(String name) throws IOException {
        BundleEntryProto entry = entries.get(name);
        if (entry.getOffset() < position) {
            throw new IllegalStateException("%s lies before what was read.".formatted(name));
        }
        ByteBuffer bytes;
        try {
            data.skipNBytes(entry.getOffset() - position);
            byte[] read = data.readNBytes(Math.toIntExact(entry.getSize()));
            bytes = ByteBuffer.wrap(read);
        } catch (EOFException e) {
            throw cutOff(name);
        }
        if (bytes.remaining() != entry.getSize()) {
            throw cutOff(name);
        }
        position = entry.getOffset() + entry.getSize();
        if (MaskedChecksum.of(bytes.duplicate()) != entry.getCrc32C()) {
            throw new MalformedFile(
                    "The data of the checkpoint are damaged: the checksum of %s differs.".formatted(name));
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        data.close();
    }

    private static MalformedFile cutOff(String name) {
        return new MalformedFile("The data of the checkpoint are cut off within or before %s.".formatted(name));
    }
}
