package dev.fewtune.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training is, so that only its own checkpoint is gone on from.
 *
 * @param parts hashes by what they are of
 */
record Owner(Map<String, String> parts) {
    private static final String NOTE = "owner ";

    Owner {
        parts = new LinkedHashMap<>(parts);
    }

    /**
     * @param code hash of the code that trains
     * @param weights identity of the pretrained weights
     */
    static Owner of(String code, TrainRequest request, String weights, Encoded train, Encoded validation) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("settings", Content.hash(request));
        parts.put("code", code);
        parts.put("weights", weights);
        parts.put("train", Content.hash(train));
        parts.put("validation", Content.hash(validation));
        return new Owner(parts);
    }

    Map<String, String> notes() {
        Map<String, String> notes = new LinkedHashMap<>();
        parts.forEach((part, hash) -> notes.put(NOTE + part, hash));
        return notes;
    }

    /** What is not the same in the checkpoint with these notes; empty where the checkpoint is ours. */
    List<String> differences(Map<String, String> notes) {
        return parts.keySet().stream()
                .filter(part -> !parts.get(part).equals(notes.get(NOTE + part)))
                .toList();
    }
}
