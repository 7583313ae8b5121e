package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Writer;
import dev.fewtune.graft.Layers;
import dev.fewtune.spec.BackboneSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A backbone whose texts end with another token. */
record OtherEnd(Backbone backbone, int end) implements Backbone {
    @Override
    public BackboneSpec spec() {
        return backbone.spec();
    }

    @Override
    public String identity() {
        return backbone.identity();
    }

    @Override
    public void convert(Path target) throws IOException {
        backbone.convert(target);
    }

    @Override
    public <T extends TFloating> Hidden<T> hidden(
            Layers<T> layers, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
        return backbone.hidden(layers, ids, types, mask);
    }

    @Override
    public Optional<Writer> writer() {
        return backbone.writer().map(writer -> new Ending(writer, end));
    }

    private record Ending(Writer writer, int end) implements Writer {
        @Override
        public Marks marks() {
            return new Marks(writer.marks().start(), List.of(end));
        }

        @Override
        public Shape shape() {
            return writer.shape();
        }

        @Override
        public <T extends TFloating> Memory<T> read(
                Layers<T> net, Operand<TInt32> ids, Operand<TInt32> types, Operand<T> mask) {
            return writer.read(net, ids, types, mask);
        }

        @Override
        public <T extends TFloating> Operand<T> written(Layers<T> net, Memory<T> memory, Operand<TInt32> ids) {
            return writer.written(net, memory, ids);
        }

        @Override
        public <T extends TFloating> Next<T> next(Layers<T> net, Memory<T> memory, Past<T> past, Operand<TInt32> ids) {
            return writer.next(net, memory, past, ids);
        }

        @Override
        public <T extends TFloating> Operand<T> vocabulary(Layers<T> net, Operand<T> rows) {
            return writer.vocabulary(net, rows);
        }
    }
}
