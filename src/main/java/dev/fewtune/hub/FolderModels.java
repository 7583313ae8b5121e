package dev.fewtune.hub;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Folders of the user's own: their identity is what is in them. */
final class FolderModels {
    /** All that a backbone or a tokenizer may read; a TensorFlow bundle is an index and its data. */
    private static final Pattern RELEVANT =
            Pattern.compile(".*\\.(safetensors|json|model|txt|bin|onnx|index|data-\\d+-of-\\d+)");

    /** Within one step of a file system's clock, a file can change and keep its time. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    private final Clock clock;
    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    FolderModels(Clock clock) {
        this.clock = clock;
    }

    /** What changes where a file is written or replaced. */
    private record Stamp(long size, FileTime written, Object key) {}

    private record Known(Stamp stamp, String sha256) {}

    /** See {@link Models#open}. */
    Local open(Path folder, Progress progress) {
        Path whole = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(whole)) {
            throw CellFailure.yours("There is no folder %s.%s", whole, advice(folder));
        }
        List<Path> files = Disk.use(whole, () -> relevant(whole));
        if (files.isEmpty()) {
            throw CellFailure.yours(
                    "%s holds no file of a model, such as config.json and model.safetensors. "
                            + "Maybe it is one of its subfolders.",
                    whole);
        }
        MessageDigest digest = Content.sha256();
        for (Path file : files) {
            Disk.run(file, () -> add(digest, file, progress));
        }
        return new Local(whole, Content.hex(digest.digest()));
    }

    private static String advice(Path folder) {
        if (Files.exists(folder)) {
            return " Maybe name the folder that the file is in.";
        }
        return " Maybe a model of the Hub is meant: hf:org/name.";
    }

    private static List<Path> relevant(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            RELEVANT.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /** Name and length come before the content, so that no two folders give the same bytes. */
    private void add(MessageDigest digest, Path file, Progress progress) throws IOException {
        byte[] name = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(name.length).flip());
        digest.update(name);
        Stamp before = stamp(file);
        String sha256 = sha256(file, before, progress);
        digest.update(ByteBuffer.allocate(8).putLong(before.size()).flip());
        digest.update(sha256.getBytes(StandardCharsets.US_ASCII));
    }

    private String sha256(Path file, Stamp before, Progress progress) throws IOException {
        Known noted = known.get(file);
        if (noted != null && noted.stamp().equals(before)) {
            return noted.sha256();
        }
        boolean settled = before.written().toInstant().isBefore(clock.instant().minus(CLOCK_STEP));
        String sha256 = Content.sha256(file, progress);
        if (!stamp(file).equals(before)) {
            throw CellFailure.yours("%s changed while it was read. Maybe something still writes it.", file);
        }
        if (settled) {
            known.put(file, new Known(before, sha256));
        }
        return sha256;
    }

    private static Stamp stamp(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
}
