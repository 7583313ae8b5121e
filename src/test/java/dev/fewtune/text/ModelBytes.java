package dev.fewtune.text;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes sentencepiece models, also impossible ones. */
final class ModelBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a piece. */
    ModelBytes piece(String text, float score, int type) {
        return message(1, out -> {
            out.writeString(1, text);
            out.writeFloat(2, score);
            out.writeEnum(3, type);
        });
    }

    /** Adds a Unigram trainer_spec and the normalizer_spec of T5 without replacements. */
    ModelBytes ids(int unknown, int begin, int end) {
        return trainer(1, unknown, begin, end).normalizer(true);
    }

    ModelBytes trainer(int modelType, int unknown, int begin, int end) {
        return message(2, out -> {
            out.writeEnum(3, modelType);
            out.writeInt32(40, unknown);
            out.writeInt32(41, begin);
            out.writeInt32(42, end);
        });
    }

    ModelBytes normalizer(boolean escapeSpaces) {
        return message(3, out -> out.writeBool(5, escapeSpaces));
    }

    /** Adds a trainer_spec with one switch. */
    ModelBytes trainerSwitch(int field, boolean value) {
        return message(2, out -> out.writeBool(field, value));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private ModelBytes message(int field, Writing writing) {
        try {
            ByteArrayOutputStream inner = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(inner);
            writing.to(out);
            out.flush();
            CodedOutputStream outer = CodedOutputStream.newInstance(bytes);
            outer.writeByteArray(field, inner.toByteArray());
            outer.flush();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }
}
