package dev.fewtune.backbone;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the initializers of an ONNX file (onnx.proto: ModelProto.graph = 7, GraphProto.node = 1 and initializer = 5).
 * Exported dense kernels have lost their names; the names of the MatMul nodes that use them give them back. They are
 * already [in, out].
 */
final class OnnxWeights {
    private static final int FLOAT = 1;

    private final Map<String, Safetensors.Entry> tensors = new HashMap<>();
    private final Map<String, String> kernels = new HashMap<>();

    private OnnxWeights() {}

    /** The tensors of a BERT encoder under the names of its joints. */
    static List<Safetensors.Entry> bert(byte[] onnx) throws IOException {
        OnnxWeights read = new OnnxWeights();
        read.model(CodedInputStream.newInstance(onnx));
        List<Safetensors.Entry> found = new ArrayList<>();
        read.tensors.values().forEach(entry -> {
            String name = BertNames.joint(read.kernels.getOrDefault(entry.name(), entry.name()));
            if (name != null) {
                found.add(new Safetensors.Entry(name, entry.type(), entry.shape(), entry.bytes()));
            }
        });
        found.sort(java.util.Comparator.comparing(Safetensors.Entry::name));
        return found;
    }

    private void model(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 7) {
                graph(in.readBytes().newCodedInput());
            } else {
                in.skipField(tag);
            }
        }
    }

    private void graph(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> node(in.readBytes().newCodedInput());
                case 5 -> tensor(in.readBytes().newCodedInput());
                default -> in.skipField(tag);
            }
        }
    }

    private void node(CodedInputStream in) throws IOException {
        List<String> inputs = new ArrayList<>();
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> inputs.add(in.readString());
                case 3 -> name = in.readString();
                default -> in.skipField(tag);
            }
        }
        if (name.endsWith("/MatMul") && inputs.size() == 2) {
            String path = name.substring(1, name.length() - "/MatMul".length()).replace('/', '.');
            kernels.put(inputs.get(1), path + ".weight");
        }
    }

    private void tensor(CodedInputStream in) throws IOException {
        List<Long> shape = new ArrayList<>();
        String name = "";
        int type = 0;
        ByteBuffer bytes = ByteBuffer.allocate(0);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> dims(in, tag, shape);
                case 2 -> type = in.readInt32();
                case 8 -> name = in.readString();
                case 9 -> bytes = in.readByteBuffer();
                default -> in.skipField(tag);
            }
        }
        if (type == FLOAT) {
            long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
            tensors.put(name, new Safetensors.Entry(name, "F32", dims, bytes));
        }
    }

    private static void dims(CodedInputStream in, int tag, List<Long> shape) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            shape.add(in.readInt64());
            return;
        }
        int limit = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            shape.add(in.readInt64());
        }
        in.popLimit(limit);
    }
}
