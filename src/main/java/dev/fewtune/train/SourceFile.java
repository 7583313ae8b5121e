package dev.fewtune.train;

import dev.fewtune.backbone.MalformedFile;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file in which a training leaves what others start from: what stands at the token rows, by the last words of its
 * names, collapsed to a plain prompt where that computes the same; and the head.
 */
public final class SourceFile {
    public static final String NAME = "source.safetensors";

    private static final String TOKENS = ".tokens.";
    private static final String HEAD = "head.";

    private SourceFile() {}

    /** @return SHA-256 of the file */
    static String write(Learner<?> learner, Path file) {
        Map<String, Safetensors.Entry> entries = new LinkedHashMap<>();
        learner.collapsed().forEach(entry -> put(entries, entry));
        trained(learner).forEach(entry -> put(entries, entry));
        try {
            Safetensors.write(file, new ArrayList<>(entries.values()));
            return checksum(file);
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "%s could not be written: %s".formatted(file.getFileName(), e.getMessage()), e);
        }
    }

    /**
     * @param kind as in {@link Source}
     * @param name as in {@link Source}
     * @param checksum that the file must have
     * @throws CellFailure RESOURCE where it cannot be read or is another one
     */
    public static Learned read(String kind, String name, Path file, String checksum) {
        try {
            if (!checksum(file).equals(checksum)) {
                throw new CellFailure(
                        Cause.RESOURCE,
                        "%s of %s is not the file that was made: its SHA-256 is %s, expected %s. Maybe run its step again."
                                .formatted(file.getFileName(), name, checksum(file), checksum));
            }
            Safetensors tensors = Safetensors.open(file);
            Map<String, Made> made = new LinkedHashMap<>();
            for (String tensor : tensors.names()) {
                made.put(tensor, new Made(tensors.shape(tensor), tensors.numbers(tensor)));
            }
            return new Learned(new Source(kind, name, made), checksum);
        } catch (MalformedFile e) {
            throw new CellFailure(Cause.RESOURCE, e.getMessage(), e);
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "%s could not be read: %s".formatted(file.getFileName(), e.getMessage()), e);
        }
    }

    /** SHA-256 of a file, in hexadecimal digits. */
    public static String checksum(Path file) throws IOException {
        return HexFormat.of().formatHex(digest().digest(Files.readAllBytes(file)));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static <T extends org.tensorflow.types.family.TFloating> List<Safetensors.Entry> trained(
            Learner<T> learner) {
        return learner.values(learner.model().vars().trained().stream()
                .filter(variable ->
                        variable.name().contains(TOKENS) || variable.name().startsWith(HEAD))
                .toList());
    }

    private static void put(Map<String, Safetensors.Entry> entries, Safetensors.Entry entry) {
        int at = entry.name().indexOf(TOKENS);
        String name = at < 0 ? entry.name() : entry.name().substring(at + TOKENS.length());
        entries.putIfAbsent(name, new Safetensors.Entry(name, entry.type(), entry.shape(), entry.bytes()));
    }
}
