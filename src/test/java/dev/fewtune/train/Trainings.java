package dev.fewtune.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests for short trainings of three classes. */
final class Trainings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Trainings() {}

    /** The usual settings of these tests, with some changed: names and values in turn. */
    static TrainSettings with(Object... changes) {
        TrainSettings usual = new TrainSettings(3, 8, 1e-2, "linear", 0.1, 0.01, 0.1, 1, "mean", true, 2);
        Map<String, Object> all = new LinkedHashMap<>();
        JSON.convertValue(usual, Map.class).forEach((name, value) -> all.put(name.toString(), value));
        for (int i = 0; i < changes.length; i += 2) {
            if (!all.containsKey(changes[i].toString())) {
                throw new IllegalArgumentException("There is no setting " + changes[i]);
            }
            all.put(changes[i].toString(), changes[i + 1]);
        }
        try {
            return JSON.convertValue(all, TrainSettings.class);
        } catch (IllegalArgumentException e) {
            throw e.getCause().getCause() instanceof RuntimeException refused ? refused : e;
        }
    }

    static TrainRequest request(String backbone, String method, Map<String, Object> settings, Object... changes) {
        return new TrainRequest(backbone, method, settings, 3, false, "accuracy", with(changes), 1);
    }
}
