package dev.fewtune.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fewtune.backbone.MalformedFile;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.method.PeftConfig;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder as HF PEFT saves an adapter: {@code adapter_config.json} and {@code adapter_model.safetensors}, or {@code
 * adapter_model.bin} of old. A file of one matrix, as Google's prompts (.npy) and ATTEMPT's (.pt), is read as a plain
 * prompt.
 *
 * @param tensors by their names there
 */
record PeftFolder(PeftConfig config, Map<String, Numbers> tensors) {
    static final String CONFIG = "adapter_config.json";
    static final String TENSORS = "adapter_model.safetensors";

    private static final String OLD = "adapter_model.bin";
    /** Reads the tensors of one file. */
    private interface Reader {
        Map<String, Numbers> read() throws IOException;
    }

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** @throws CellFailure with cause YOURS where it is no such folder, and RESOURCE where it cannot be read at all */
    static PeftFolder read(Path folder) {
        try {
            return new PeftFolder(config(folder), Files.isRegularFile(folder) ? prompt(folder) : tensors(folder));
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "The adapter in %s cannot be read: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /** What the configuration says; the tensors are not looked at. Failures as above. */
    static PeftConfig config(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) {
            long rows = prompt(folder).get(PeftRows.NAME).shape()[0];
            return new PeftConfig(Map.of("peft_type", "PROMPT_TUNING", "num_virtual_tokens", (int) rows));
        }
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw CellFailure.yours(
                    "%s has no %s. Maybe it is the folder above or below: PEFT saves each adapter but the default one in a "
                            + "folder of its own.",
                    folder, CONFIG);
        }
        try {
            Map<String, Object> fields = JSON.readValue(Files.readString(file), new TypeReference<>() {});
            PeftConfig config = new PeftConfig(fields == null ? Map.of() : fields);
            if (config.type().isEmpty()) {
                throw CellFailure.yours("%s has no peft_type. Maybe it was saved by another library than PEFT.", file);
            }
            return config;
        } catch (JsonProcessingException e) {
            throw CellFailure.yours("%s is no JSON: %s", file, e.getOriginalMessage());
        }
    }

    /** Writes both files, each whole or not at all; the tensors last, so that nobody takes a folder without them. */
    static void write(Path folder, Map<String, Object> config, List<Safetensors.Entry> entries) throws IOException {
        Files.createDirectories(folder);
        Path draft = folder.resolve(CONFIG + ".part");
        Files.writeString(draft, JSON.writeValueAsString(new TreeMap<>(config)) + "\n");
        Files.move(draft, folder.resolve(CONFIG), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Safetensors.writeForOthers(folder.resolve(TENSORS), entries);
    }

    private static Map<String, Numbers> tensors(Path folder) throws IOException {
        Path file = folder.resolve(TENSORS);
        if (Files.isRegularFile(file)) {
            return read(file, () -> safetensors(file));
        }
        Path old = folder.resolve(OLD);
        if (Files.isRegularFile(old)) {
            return read(old, () -> TorchFile.read(old));
        }
        throw CellFailure.yours(
                "%s has neither %s nor %s. Maybe save the adapter in PEFT again.", folder, TENSORS, OLD);
    }

    /** A file that holds nothing but the rows of a prompt. */
    private static Map<String, Numbers> prompt(Path file) throws IOException {
        String name = file.getFileName().toString();
        Map<String, Numbers> tensors = name.endsWith(".npy")
                ? read(file, () -> Map.of(TorchFile.ALONE, NumpyFile.read(file)))
                : read(file, () -> TorchFile.read(file));
        Numbers rows = tensors.get(TorchFile.ALONE);
        if (rows == null || rows.shape().length != 2) {
            throw CellFailure.yours(
                    "%s holds %s and not one matrix of prompt rows. Maybe give the folder that it is in.",
                    file, rows == null ? tensors.keySet() : Arrays.toString(rows.shape()));
        }
        return Map.of(PeftRows.NAME, rows);
    }

    private static Map<String, Numbers> safetensors(Path file) throws IOException {
        Safetensors open = Safetensors.open(file);
        Map<String, Numbers> tensors = new LinkedHashMap<>();
        for (String name : open.names()) {
            tensors.put(name, new Numbers(open.shape(name), open.numbers(name)));
        }
        return tensors;
    }

    private static Map<String, Numbers> read(Path file, Reader reader) throws IOException {
        try {
            return reader.read();
        } catch (MalformedFile e) {
            throw CellFailure.yours("%s cannot be read. %s", file, e.getMessage());
        }
    }
}
