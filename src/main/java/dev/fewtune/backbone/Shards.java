package dev.fewtune.backbone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tensors of a Hugging Face folder: in {@code model.safetensors}, or in the shards that an index lists. */
final class Shards implements ForeignTensors {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Path> files;
    private final Map<String, Safetensors> tensors;

    private Shards(List<Path> files, Map<String, Safetensors> tensors) {
        this.files = files;
        this.tensors = tensors;
    }

    /** @throws MalformedFile with all that is missing, cut off or contradictory */
    static Shards open(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            Safetensors file = Safetensors.open(folder.resolve(SINGLE));
            Map<String, Safetensors> tensors = new LinkedHashMap<>();
            file.names().forEach(name -> tensors.put(name, file));
            return new Shards(List.of(folder.resolve(SINGLE)), tensors);
        }
        if (Files.isRegularFile(folder.resolve(INDEX))) {
            return sharded(folder, index(folder.resolve(INDEX)));
        }
        throw new MalformedFile("%s has neither %s nor %s; it has %s. Maybe save the model again as safetensors."
                .formatted(folder, SINGLE, INDEX, listing(folder)));
    }

    /** The files that hold the tensors. */
    List<Path> files() {
        return files;
    }

    /** Whether two tensors have the same type, shape and bits. */
    boolean equal(String one, String other) {
        return type(one) == type(other)
                && Arrays.equals(shape(one), shape(other))
                && bytes(one).equals(bytes(other));
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public NumberType type(String name) {
        return tensors.get(name).numberType(name);
    }

    @Override
    public long[] shape(String name) {
        return tensors.get(name).shape(name);
    }

    @Override
    public ByteBuffer bytes(String name) {
        return tensors.get(name).bytes(name);
    }

    /** The tensors that each shard should hold. */
    private static Map<String, Set<String>> index(Path path) throws IOException {
        JsonNode map;
        try {
            map = JSON.readTree(path.toFile()).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new MalformedFile("%s is not good JSON: %s.".formatted(INDEX, e.getOriginalMessage()));
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new MalformedFile("%s has no weight_map that says which tensor is in which file.".formatted(INDEX));
        }
        Map<String, Set<String>> shards = new TreeMap<>();
        for (var entry : map.properties()) {
            String shard = entry.getValue().asText();
            if (!shard.matches("[\\w.-]+\\.safetensors")) {
                throw new MalformedFile("%s puts %s into \"%s\", which is not the name of a safetensors file beside it."
                        .formatted(INDEX, entry.getKey(), shard));
            }
            shards.computeIfAbsent(shard, name -> new TreeSet<>()).add(entry.getKey());
        }
        return shards;
    }

    private static Shards sharded(Path folder, Map<String, Set<String>> index) throws IOException {
        Faults faults = new Faults();
        List<Path> files = new ArrayList<>();
        Map<String, Safetensors> tensors = new LinkedHashMap<>();
        for (var entry : index.entrySet()) {
            Path path = folder.resolve(entry.getKey());
            if (!Files.isRegularFile(path)) {
                faults.add(
                        "%s: missing; %s lists it for %s tensors",
                        entry.getKey(), INDEX, entry.getValue().size());
                continue;
            }
            files.add(path);
            try {
                add(entry.getKey(), entry.getValue(), Safetensors.open(path), tensors, faults);
            } catch (MalformedFile e) {
                faults.add("%s", e.getMessage());
            }
        }
        faults.throwAsMalformed("The shards in %s are not whole. Maybe download them again.", folder);
        return new Shards(files, tensors);
    }

    private static void add(
            String shard, Set<String> expected, Safetensors file, Map<String, Safetensors> tensors, Faults faults) {
        for (String name : expected) {
            if (!file.has(name)) {
                faults.add("%s: missing in %s, where %s says it is", name, shard, INDEX);
            }
        }
        for (String name : file.names()) {
            if (tensors.put(name, file) != null) {
                faults.add("%s: in %s and in another shard", name, shard);
            }
        }
    }

    private static String listing(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            String names = files.map(path -> path.getFileName().toString())
                    .sorted()
                    .limit(20)
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "no files" : names;
        }
    }
}
