package dev.fewtune.hub;

import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes over the content of files, in lower-case hexadecimal; they can be cancelled between mebibytes. */
final class Content {
    private static final int CHUNK = 1 << 20;

    private Content() {}

    static String sha256(Path file, Progress progress) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return hash(in, sha256(), progress);
        }
    }

    /** Git's name of the content: SHA-1 over the word blob, the length, a zero byte and the bytes. */
    static String gitBlob(Path file, Progress progress) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest sha1 = digest("SHA-1");
            sha1.update("blob %s\0".formatted(in.size()).getBytes(StandardCharsets.US_ASCII));
            return hash(in, sha1, progress);
        }
    }

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hash(FileChannel in, MessageDigest digest, Progress progress) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        while (in.read(chunk.clear()) >= 0) {
            progress.check();
            digest.update(chunk.flip());
        }
        return hex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has %s.".formatted(algorithm), e);
        }
    }
}
