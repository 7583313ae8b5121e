package dev.fewtune.text;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code spiece.model} and {@code tokenizer.model} of the sentencepiece library (its sentencepiece_model.proto:
 * ModelProto.pieces = 1, trainer_spec = 2, normalizer_spec = 3; defaults are those of the proto).
 */
final class SentencePieceReader {
    private static final int NUMBER = WireFormat.WIRETYPE_VARINT;
    private static final int BLOCK = WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int FLOAT = WireFormat.WIRETYPE_FIXED32;
    private static final int SHOWN = 24;

    private final String name;
    private final List<Piece> pieces = new ArrayList<>();
    private boolean trainerFound;
    private boolean normalizerFound;
    private int kind = 1;
    private int unknown;
    private int begin = 1;
    private int end = 2;
    private int padding = -1;
    private boolean byteFallback;
    private byte[] charsmap = {};
    private boolean dummyPrefix = true;
    private boolean removeExtraSpaces = true;

    private SentencePieceReader(String name) {
        this.name = name;
    }

    /**
     * Reads a whole file.
     *
     * @param name shown in errors
     * @throws CellFailure with cause YOURS where the bytes are no such model, or one of a kind that is not supported
     */
    static SentencePieceModel read(String name, byte[] file) {
        SentencePieceReader reader = new SentencePieceReader(name);
        try {
            reader.model(CodedInputStream.newInstance(file));
        } catch (IOException malformed) {
            throw reader.noModel(file, malformed);
        }
        if (reader.pieces.isEmpty()) {
            throw reader.noModel(file, null);
        }
        return reader.checked();
    }

    private void model(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | BLOCK -> pieces.add(piece(in.readBytes().newCodedInput()));
                case 2 << 3 | BLOCK -> trainer(in.readBytes().newCodedInput());
                case 3 << 3 | BLOCK -> normalizer(in.readBytes().newCodedInput());
                default -> in.skipField(tag);
            }
        }
    }

    private Piece piece(CodedInputStream in) throws IOException {
        String text = "";
        float score = 0;
        int type = 1;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | BLOCK -> text = in.readStringRequireUtf8();
                case 2 << 3 | FLOAT -> score = in.readFloat();
                case 3 << 3 | NUMBER -> type = in.readEnum();
                default -> in.skipField(tag);
            }
        }
        try {
            return new Piece(text, score, Piece.Type.of(type));
        } catch (IllegalArgumentException unheardOf) {
            throw CellFailure.yours("Piece %s (%s) of %s: %s", pieces.size(), text, name, unheardOf.getMessage());
        }
    }

    private void trainer(CodedInputStream in) throws IOException {
        trainerFound = true;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 3 << 3 | NUMBER -> kind = in.readEnum();
                case 24 << 3 | NUMBER -> refuseSwitch("treat_whitespace_as_suffix", in.readBool(), true);
                case 35 << 3 | NUMBER -> byteFallback = in.readBool();
                case 40 << 3 | NUMBER -> unknown = in.readInt32();
                case 41 << 3 | NUMBER -> begin = in.readInt32();
                case 42 << 3 | NUMBER -> end = in.readInt32();
                case 43 << 3 | NUMBER -> padding = in.readInt32();
                default -> in.skipField(tag);
            }
        }
    }

    private void normalizer(CodedInputStream in) throws IOException {
        normalizerFound = true;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 2 << 3 | BLOCK -> charsmap = in.readByteArray();
                case 3 << 3 | NUMBER -> dummyPrefix = in.readBool();
                case 4 << 3 | NUMBER -> removeExtraSpaces = in.readBool();
                case 5 << 3 | NUMBER -> refuseSwitch("escape_whitespaces", in.readBool(), false);
                default -> in.skipField(tag);
            }
        }
    }

    private void refuseSwitch(String field, boolean found, boolean refused) {
        if (found == refused) {
            throw CellFailure.yours(
                    "%s sets %s to %s, which no T5 or Llama model does and Fewtune cannot convert. "
                            + "Maybe there is a tokenizer.json for it.",
                    name, field, found);
        }
    }

    private SentencePieceModel checked() {
        if (!trainerFound || !normalizerFound) {
            throw CellFailure.yours(
                    "%s ends after %s pieces, without its %s. Maybe its download broke off: fetch it again.",
                    name, pieces.size(), trainerFound ? "normalizer_spec" : "trainer_spec");
        }
        return new SentencePieceModel(
                name,
                kind(),
                pieces,
                new SentencePieceModel.Ids(unknown, begin, end, padding),
                byteFallback,
                new Normalization(charsmap, dummyPrefix, removeExtraSpaces));
    }

    private SentencePieceModel.Kind kind() {
        return switch (kind) {
            case 1 -> SentencePieceModel.Kind.UNIGRAM;
            case 2 -> SentencePieceModel.Kind.BPE;
            default ->
                throw CellFailure.yours(
                        "%s is a sentencepiece model of the type %s; Fewtune reads unigram (T5) and bpe (Llama).",
                        name, kind == 3 ? "word" : kind == 4 ? "char" : "number " + kind);
        };
    }

    private CellFailure noModel(byte[] file, IOException malformed) {
        if (!pieces.isEmpty()) {
            return failure(
                    malformed,
                    "%s (%s bytes) is cut off or damaged after %s pieces. Maybe its download broke off: fetch it again.",
                    name,
                    file.length,
                    pieces.size());
        }
        String start =
                new String(file, 0, Math.min(SHOWN, file.length), StandardCharsets.UTF_8).replaceAll("\\P{Print}", ".");
        return failure(
                malformed,
                "%s is no sentencepiece model: its %s bytes start with \"%s\". Maybe it is a pointer of Git LFS, a web "
                        + "page, or a tiktoken file (Llama 3), beside which a tokenizer.json should lie.",
                name,
                file.length,
                start);
    }

    private static CellFailure failure(IOException malformed, String message, Object... values) {
        return new CellFailure(Cause.YOURS, message.formatted(values), malformed);
    }
}
