package dev.fewtune.backbone;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the float32 initializers out of an ONNX file. Kernels that the exporter left nameless get the name of the
 * MatMul node that uses them. Field numbers are those of onnx.proto3.
 */
final class OnnxWeights {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_NAME = 3;
    private static final int NODE_OPERATOR = 4;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;
    private static final int FLOAT = 1;

    private final Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
    private final Map<String, String> kernelOfNode = new HashMap<>();

    private OnnxWeights() {}

    /** @return tensors by initializer name, and kernels also by node name, such as /encoder/layer.0/…/MatMul */
    static Map<String, Safetensors.Entry> read(InputStream onnx) throws IOException {
        OnnxWeights weights = new OnnxWeights();
        CodedInputStream in = CodedInputStream.newInstance(onnx);
        in.setSizeLimit(Integer.MAX_VALUE);
        weights.fields(in, field -> {
            if (field != MODEL_GRAPH) {
                return false;
            }
            weights.message(in, () -> weights.graph(in));
            return true;
        });
        weights.kernelOfNode.forEach((node, kernel) -> {
            if (weights.tensors.containsKey(kernel)) {
                weights.tensors.put(node, weights.tensors.get(kernel));
            }
        });
        return weights.tensors;
    }

    private void graph(CodedInputStream in) throws IOException {
        fields(in, field -> {
            if (field == GRAPH_NODE) {
                message(in, () -> node(in));
                return true;
            }
            if (field == GRAPH_INITIALIZER) {
                message(in, () -> tensor(in));
                return true;
            }
            return false;
        });
    }

    private void node(CodedInputStream in) throws IOException {
        List<String> inputs = new ArrayList<>();
        String[] said = new String[2];
        fields(in, field -> {
            if (field == NODE_INPUT) {
                inputs.add(in.readString());
            } else if (field == NODE_NAME) {
                said[0] = in.readString();
            } else if (field == NODE_OPERATOR) {
                said[1] = in.readString();
            } else {
                return false;
            }
            return true;
        });
        if ("MatMul".equals(said[1]) && inputs.size() == 2) {
            kernelOfNode.put(said[0], inputs.get(1));
        }
    }

    private void tensor(CodedInputStream in) throws IOException {
        List<Long> shape = new ArrayList<>();
        Object[] said = new Object[3];
        fields(in, field -> {
            switch (field) {
                case TENSOR_DIMS -> dims(in, shape);
                case TENSOR_TYPE -> said[0] = in.readInt32();
                case TENSOR_NAME -> said[1] = in.readString();
                case TENSOR_RAW -> said[2] = in.readByteBuffer();
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (Integer.valueOf(FLOAT).equals(said[0]) && said[2] instanceof ByteBuffer raw) {
            float[] values = new float[raw.remaining() / 4];
            raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
            tensors.put((String) said[1], new Safetensors.Entry(extents, values));
        }
    }

    private static void dims(CodedInputStream in, List<Long> shape) throws IOException {
        if (WireFormat.getTagWireType(in.getLastTag()) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            shape.add(in.readInt64());
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            shape.add(in.readInt64());
        }
        in.popLimit(outer);
    }

    private interface Field {
        boolean read(int number) throws IOException;
    }

    private interface Body {
        void read() throws IOException;
    }

    private void message(CodedInputStream in, Body body) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        body.read();
        in.popLimit(outer);
    }

    private void fields(CodedInputStream in, Field reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!reader.read(WireFormat.getTagFieldNumber(tag))) {
                in.skipField(tag);
            }
        }
    }
}
