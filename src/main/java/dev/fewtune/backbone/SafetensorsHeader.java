package dev.fewtune.backbone;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What lies where in a safetensors file. The tensors cover the file from the end of the header to its own end without a
 * gap and without an overlap.
 *
 * @param places by name, in the order in which they lie
 */
record SafetensorsHeader(Map<String, TensorPlace> places, Map<String, String> notes) {
    static final String NOTES = "__metadata__";
    private static final long LONGEST = 100_000_000;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** @throws MalformedFile with all that is wrong with the header */
    static SafetensorsHeader read(FileChannel in, String file) throws IOException {
        long size = in.size();
        if (size < 8) {
            throw new MalformedFile(
                    "%s is %s bytes long and so not a safetensors file: the length of its header alone takes 8."
                            .formatted(file, size));
        }
        long length = bytes(in, 0, 8).getLong();
        if (length < 2 || length > Math.min(LONGEST, size - 8)) {
            throw new MalformedFile(
                    "%s is %s bytes long, but its header would take %s. Maybe it is cut off, or not a safetensors file."
                            .formatted(file, size, Long.toUnsignedString(length)));
        }
        JsonNode header = json(bytes(in, 8, (int) length), file);
        Faults faults = new Faults();
        SafetensorsHeader read = parse(header, 8 + length, faults);
        read.requireCover(8 + length, size, faults);
        faults.throwAsMalformed("%s is not a whole safetensors file:", file);
        return read;
    }

    private static ByteBuffer bytes(FileChannel in, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && in.read(bytes, from + bytes.position()) >= 0) {}
        return bytes.flip();
    }

    private static JsonNode json(ByteBuffer bytes, String file) throws IOException {
        try {
            JsonNode header = JSON.readTree(bytes.array());
            if (header.isObject()) {
                return header;
            }
            throw new MalformedFile("The header of %s is not a JSON object.".formatted(file));
        } catch (JsonProcessingException e) {
            throw new MalformedFile("The header of %s is not good JSON: %s.".formatted(file, e.getOriginalMessage()));
        }
    }

    private static SafetensorsHeader parse(JsonNode header, long base, Faults faults) {
        List<Map.Entry<String, TensorPlace>> places = new ArrayList<>();
        Map<String, String> notes = new LinkedHashMap<>();
        for (var field : header.properties()) {
            if (field.getKey().equals(NOTES)) {
                field.getValue()
                        .properties()
                        .forEach(
                                note -> notes.put(note.getKey(), note.getValue().asText()));
                continue;
            }
            TensorPlace place = TensorPlace.of(field.getKey(), field.getValue(), base, faults);
            if (place != null) {
                places.add(Map.entry(field.getKey(), place));
            }
        }
        places.sort(Comparator.comparingLong((Map.Entry<String, TensorPlace> entry) ->
                        entry.getValue().begin())
                .thenComparingLong(entry -> entry.getValue().end()));
        Map<String, TensorPlace> sorted = new LinkedHashMap<>();
        places.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return new SafetensorsHeader(sorted, notes);
    }

    private void requireCover(long base, long size, Faults faults) {
        long reached = base;
        String before = "the header";
        for (var entry : places.entrySet()) {
            TensorPlace place = entry.getValue();
            if (place.end() > size) {
                faults.add(
                        "%s: ends at byte %s, but the file has %s. Maybe it was not copied or downloaded to its end",
                        entry.getKey(), place.end(), size);
            } else if (place.begin() < reached) {
                faults.add("%s: begins at byte %s, within %s", entry.getKey(), place.begin(), before);
            } else if (place.begin() > reached) {
                faults.add(
                        "%s bytes between %s and %s belong to no tensor",
                        place.begin() - reached, before, entry.getKey());
            }
            before = entry.getKey();
            reached = Math.max(reached, place.end());
        }
        if (reached < size && faults.none()) {
            faults.add("%s bytes after %s belong to no tensor", size - reached, before);
        }
    }
}
