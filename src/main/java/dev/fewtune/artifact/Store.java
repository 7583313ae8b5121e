package dev.fewtune.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files by the hash of their content. An attempt writes into a draft folder; commit makes each file durable and moves
 * it to its place by one rename, so that a blob is whole or absent.
 */
public final class Store {
    private final Path root;
    private final Disk disk;

    /** @param root on one file system */
    public Store(Path root) {
        this(root, Disk.REAL);
    }

    Store(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    /** An empty folder for the files of an attempt; what an earlier process left there is removed. */
    public Path draft(String name) throws IOException {
        Path folder = root.resolve("drafts").resolve(name);
        delete(folder);
        return Files.createDirectories(folder);
    }

    /** Removes the draft of an attempt that came to nothing. */
    public void discard(String name) throws IOException {
        delete(root.resolve("drafts").resolve(name));
    }

    /** The folders of drafts that are there. */
    public List<Path> drafts() throws IOException {
        return folders("drafts");
    }

    /** A folder that stays until it is deleted by name. */
    public Path kept(String name) throws IOException {
        return Files.createDirectories(root.resolve("kept").resolve(name));
    }

    public void forget(String name) throws IOException {
        delete(root.resolve("kept").resolve(name));
    }

    /** The kept folders that are there. */
    public List<Path> kept() throws IOException {
        return folders("kept");
    }

    /**
     * Takes the files of a draft into the store and removes the draft.
     *
     * @throws IOException where a file cannot be made durable; then no manifest exists and nothing counts
     */
    public Manifest commit(Path draft) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(draft)) {
            files = all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
        List<Manifest.Entry> entries = new ArrayList<>();
        for (Path file : files) {
            String path = draft.relativize(file).toString().replace('\\', '/');
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("The output %s is not a regular file.".formatted(path));
            }
            long size = Files.size(file);
            String hash = hash(file);
            place(file, hash);
            entries.add(new Manifest.Entry(path, size, hash));
        }
        delete(draft);
        return new Manifest(entries);
    }

    /** Where the content of an entry lies. */
    public Path path(Manifest.Entry entry) {
        return blob(entry.sha256());
    }

    /** @throws IOException where the store cannot be written */
    public void requireWritable() throws IOException {
        Files.createDirectories(root);
        Path probe = Files.createTempFile(root, "probe", ".tmp");
        Files.delete(probe);
    }

    private List<Path> folders(String kind) throws IOException {
        Path parent = root.resolve(kind);
        if (!Files.exists(parent)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(parent)) {
            return all.sorted().toList();
        }
    }

    private void place(Path file, String hash) throws IOException {
        Path blob = blob(hash);
        // A machine that lost its power may leave a blob of the right name that is too short.
        if (Files.exists(blob) && Files.size(blob) == Files.size(file)) {
            return;
        }
        Files.createDirectories(blob.getParent());
        disk.force(file);
        try {
            disk.rename(file, blob);
        } catch (AtomicMoveNotSupportedException twoFileSystems) {
            throw new IOException(
                    "Drafts and blobs under %s must lie on one file system.".formatted(root), twoFileSystems);
        }
        blob.toFile().setReadOnly();
    }

    private Path blob(String hash) {
        return root.resolve("blobs").resolve(hash.substring(0, 2)).resolve(hash);
    }

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream digesting = new DigestInputStream(in, digest)) {
                digesting.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
