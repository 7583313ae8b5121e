package dev.fewtune.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fewtune.artifact.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where revisions lie, shared by workers: {@code {org}--{name}/{commit}/} holds the files, {@code {commit}.json} beside it
 * their manifest with sizes and SHA-256, {@code refs/{revision}} the commit that a branch or tag stood for last. A
 * revision without a manifest, or with a file that has not the size in it, is not there.
 */
final class HubCache {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path root;

    HubCache(Path root) {
        this.root = root;
    }

    /** @param id pinned to a commit */
    Path folder(ModelId.Hub id) {
        return repository(id).resolve(id.revision());
    }

    /** @param id pinned to a commit */
    Path lock(ModelId.Hub id) {
        return repository(id).resolve(id.revision() + ".lock");
    }

    /**
     * What keeps a revision from being whole; empty where nothing does.
     *
     * @param id pinned to a commit
     */
    List<String> missing(ModelId.Hub id) {
        return manifest(id).map(manifest -> missing(folder(id), manifest)).orElseGet(() -> unfinished(folder(id)));
    }

    /**
     * Declares a revision whole.
     *
     * @param id pinned to a commit
     */
    void complete(ModelId.Hub id, Manifest manifest) {
        Path file = manifestFile(id);
        Disk.run(file, () -> Disk.replace(file, JSON.writeValueAsBytes(manifest)));
    }

    /** Remembers for offline work what a branch or tag stands for. */
    void note(ModelId.Hub id, String commit) {
        Path file = reference(id);
        Disk.run(file, () -> {
            byte[] text = commit.getBytes(StandardCharsets.US_ASCII);
            if (Files.notExists(file) || !Files.readString(file).equals(commit)) {
                Disk.replace(file, text);
            }
        });
    }

    /** The revision pinned to the commit that was noted last. */
    Optional<ModelId.Hub> pinned(ModelId.Hub id) {
        if (id.isPinned()) {
            return Optional.of(id);
        }
        Path file = reference(id);
        return Disk.use(file, () -> Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.<String>empty())
                .filter(ModelId.Hub::isCommit)
                .map(id::at);
    }

    private Optional<Manifest> manifest(ModelId.Hub id) {
        try {
            return Optional.of(JSON.readValue(manifestFile(id).toFile(), Manifest.class));
        } catch (IOException noneOrGarbled) {
            return Optional.empty();
        }
    }

    private static List<String> missing(Path folder, Manifest manifest) {
        List<String> missing = new ArrayList<>();
        for (Manifest.Entry entry : manifest.files()) {
            Path file = folder.resolve(entry.path());
            if (!Files.isRegularFile(file)) {
                missing.add(entry.path());
                continue;
            }
            long size = Disk.use(file, () -> Files.size(file));
            if (size != entry.size()) {
                missing.add("%s (%s of %s bytes)".formatted(entry.path(), size, entry.size()));
            }
        }
        return missing;
    }

    private static List<String> unfinished(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of("all files");
        }
        return Disk.use(folder, () -> {
            try (Stream<Path> files = Files.list(folder)) {
                List<String> missing =
                        new ArrayList<>(files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(Part.SUFFIX))
                                .map(name -> name.substring(0, name.length() - Part.SUFFIX.length()) + " (cut off)")
                                .sorted()
                                .toList());
                missing.add("the files that were still to come");
                return missing;
            }
        });
    }

    private Path manifestFile(ModelId.Hub id) {
        return repository(id).resolve(id.revision() + ".json");
    }

    private Path reference(ModelId.Hub id) {
        return repository(id).resolve("refs").resolve(HubClient.encode(id.revision()));
    }

    /** The names of repositories have no double hyphen, so that no two share a folder. */
    private Path repository(ModelId.Hub id) {
        return root.resolve(id.org() + "--" + id.name());
    }
}
