package dev.fewtune.backbone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of one of our files on their way into one of another precision. */
record Rounding(Safetensors file) implements ForeignTensors {
    void write(Path target, Precision precision) throws IOException {
        List<Conversion> conversions = new ArrayList<>();
        for (String name : file.names()) {
            Piece same = new Piece(name, file.shape(name), List.of(name), false, "");
            conversions.add(new Conversion(same, name, this, precision.of(same.shape().length)));
        }
        new SafetensorsWriter(conversions, Map.of()).write(target);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        file.names().forEach(names::add);
        return names;
    }

    @Override
    public NumberType type(String name) {
        return file.numberType(name);
    }

    @Override
    public long[] shape(String name) {
        return file.shape(name);
    }

    @Override
    public ByteBuffer bytes(String name) {
        return file.bytes(name);
    }
}
