package dev.fewtune.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The code that decides what a training computes: the rooms spec, graft, backbone, method, text, task, train and step. */
public final class Code {
    private static final String FILE = "/fewtune-code.txt";
    private static final String HASH = read();

    private Code() {}

    /** Changes with their class files; made at build. */
    public static String hash() {
        return HASH;
    }

    private static String read() {
        try (InputStream in = Code.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("%s is not on the class path; the build makes it.".formatted(FILE));
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
