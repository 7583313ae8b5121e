package dev.fewtune.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.spec.CellFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which files of a revision a backbone reads: those that Transformers saves at the top of the repository. */
final class Needed {
    private static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> OPTIONAL = List.of(
            "tokenizer.json",
            "spiece.model",
            "tokenizer.model",
            "vocab.txt",
            "tokenizer_config.json",
            "generation_config.json");
    private static final Pattern SHARD = Pattern.compile("[\\w-][\\w.-]*\\.safetensors");
    private static final int SHOWN = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelId.Hub id;
    private final Revision revision;

    Needed(ModelId.Hub id, Revision revision) {
        this.id = id;
        this.revision = revision;
    }

    /**
     * Everything but the weights, and the index of the weights where there is one.
     *
     * @throws CellFailure with cause YOURS where the repository has no configuration or no safetensors
     */
    List<RemoteFile> description() {
        List<RemoteFile> files = new ArrayList<>();
        files.add(revision.find(CONFIG)
                .orElseThrow(() -> CellFailure.yours(
                        "%s has no %s; it has %s. Maybe it is not a model that Transformers saved.",
                        id.text(), CONFIG, listing())));
        OPTIONAL.forEach(name -> revision.find(name).ifPresent(files::add));
        if (revision.find(SINGLE).isEmpty()) {
            files.add(revision.find(INDEX)
                    .orElseThrow(() -> CellFailure.yours(
                            "%s has neither %s nor %s; it has %s. "
                                    + "Maybe another revision has safetensors, or save the model again as such.",
                            id.text(), SINGLE, INDEX, listing())));
        }
        return files;
    }

    /**
     * The weights.
     *
     * @param folder has the index, where the weights are in shards
     * @throws CellFailure with cause YOURS where the index cannot be read or lists a file that the repository lacks
     */
    List<RemoteFile> weights(Path folder) {
        return revision.find(SINGLE).map(List::of).orElseGet(() -> shards(folder.resolve(INDEX)));
    }

    private List<RemoteFile> shards(Path index) {
        List<RemoteFile> files = new ArrayList<>();
        for (String name : names(index)) {
            if (!SHARD.matcher(name).matches()) {
                throw CellFailure.yours(
                        "%s of %s lists \"%s\", which is not the name of a safetensors file beside it.",
                        INDEX, id.text(), name);
            }
            files.add(revision.find(name)
                    .orElseThrow(() -> CellFailure.yours(
                            "%s of %s lists %s, which the repository lacks. Maybe its upload is not finished.",
                            INDEX, id.text(), name)));
        }
        return files;
    }

    private Set<String> names(Path index) {
        JsonNode map = Disk.use(index, () -> {
            try {
                return JSON.readTree(index.toFile()).path("weight_map");
            } catch (JsonProcessingException e) {
                throw CellFailure.yours("%s of %s is not good JSON: %s.", INDEX, id.text(), e.getOriginalMessage());
            }
        });
        Set<String> names = new TreeSet<>();
        map.forEach(shard -> names.add(shard.asText()));
        if (names.isEmpty()) {
            throw CellFailure.yours("%s of %s has no weight_map that lists files.", INDEX, id.text());
        }
        return names;
    }

    private String listing() {
        String names =
                revision.files().stream().map(RemoteFile::name).limit(SHOWN).collect(Collectors.joining(", "));
        return names.isEmpty() ? "no files" : names;
    }
}
