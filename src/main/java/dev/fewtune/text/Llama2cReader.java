package dev.fewtune.text;

import dev.fewtune.spec.CellFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code tokenizer.bin} of llama2.c: an int (the longest piece in bytes), then per piece a float (score), an
 * int (length in bytes) and the text in UTF-8, all little-endian, up to the end of the file. It is a Llama model with
 * spaces written as spaces and with line breaks around begin and end; the first three pieces are unknown, begin and
 * end, the next 256 the bytes.
 */
final class Llama2cReader {
    private static final List<String> LEADING = List.of("<unk>", "<s>", "</s>");
    private static final int BYTES = 256;

    private final String name;
    private final ByteBuffer file;
    private final List<Piece> pieces = new ArrayList<>();

    private Llama2cReader(String name, byte[] file) {
        this.name = name;
        this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a whole file.
     *
     * @param name shown in errors
     * @throws CellFailure with cause YOURS where the bytes are no such file
     */
    static SentencePieceModel read(String name, byte[] file) {
        return new Llama2cReader(name, file).model();
    }

    private SentencePieceModel model() {
        int longest = number("the length of the longest piece");
        while (file.hasRemaining()) {
            pieces.add(piece(longest));
        }
        return new SentencePieceModel(
                name,
                SentencePieceModel.Kind.BPE,
                pieces,
                new SentencePieceModel.Ids(0, 1, 2, -1),
                true,
                new Normalization(new byte[0], true, false));
    }

    private Piece piece(int longest) {
        int id = pieces.size();
        float score = Float.intBitsToFloat(number("the score of piece " + id));
        int length = number("the length of piece " + id);
        if (length < 1 || length > longest || length > file.remaining()) {
            throw CellFailure.yours(
                    "Piece %s of %s has %s bytes, but the longest of the file has %s, and %s bytes follow. "
                            + "Maybe the file is cut off, or is no tokenizer.bin of llama2.c.",
                    id, name, length, longest, file.remaining());
        }
        String text = text(id, length);
        if (id >= LEADING.size()) {
            Piece.Type type = id < LEADING.size() + BYTES ? Piece.Type.BYTE : Piece.Type.NORMAL;
            return new Piece(type == Piece.Type.BYTE ? text : text.replace(' ', '▁'), score, type);
        }
        if (!text.strip().equals(LEADING.get(id))) {
            throw CellFailure.yours(
                    "Piece %s of %s is %s instead of %s. Maybe the file is no tokenizer.bin of llama2.c.",
                    id, name, text.strip(), LEADING.get(id));
        }
        return new Piece(text.strip(), score, id == 0 ? Piece.Type.UNKNOWN : Piece.Type.CONTROL);
    }

    private int number(String what) {
        if (file.remaining() < Integer.BYTES) {
            throw CellFailure.yours(
                    "%s ends before %s. Maybe the file is cut off, or is no tokenizer.bin of llama2.c.", name, what);
        }
        return file.getInt();
    }

    private String text(int id, int length) {
        ByteBuffer bytes = file.slice().limit(length);
        file.position(file.position() + length);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return text.toString();
        } catch (CharacterCodingException malformed) {
            throw CellFailure.yours(
                    "Piece %s of %s is not written in UTF-8. Maybe the file is no tokenizer.bin of llama2.c.",
                    id, name);
        }
    }
}
