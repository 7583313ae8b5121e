package dev.fewtune.task;

import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the user's files strictly. */
final class TextFile {
    private TextFile() {}

    /**
     * The text, without a byte order mark.
     *
     * @throws CellFailure YOURS where the file is missing or is not UTF-8, naming file and line
     */
    static String read(Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(file));
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(bytes, text, true);
        text.flip();
        if (result.isError()) {
            long line = 1 + text.chars().filter(c -> c == '\n').count();
            throw CellFailure.yours(
                    "%s:%s: byte 0x%02x is not UTF-8. Save the file in UTF-8.",
                    file, line, bytes.get(bytes.position()) & 0xff);
        }
        return text.length() > 0 && text.charAt(0) == '\uFEFF'
                ? text.subSequence(1, text.length()).toString()
                : text.toString();
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CellFailure.yours("%s: there is no such file.", file);
        } catch (IOException e) {
            throw new CellFailure(Cause.TRANSIENT, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }
}
