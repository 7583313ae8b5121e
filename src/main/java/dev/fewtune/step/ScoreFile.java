package dev.fewtune.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fewtune.leaderboard.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The scores that an aggregate cell has put on its board. */
public final class ScoreFile {
    /** Its path in the artifact. */
    public static final String NAME = "scores.json";

    private ScoreFile() {}

    public static List<Score> read(Path file) throws IOException {
        return List.of(Json.read(file, Score[].class));
    }

    /** One score, as an evaluate cell wrote it. */
    public static Score parse(String json) {
        try {
            return Json.MAPPER.readValue(json, Score.class);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("A score cannot be read: " + json, corrupt);
        }
    }

    static void write(Path folder, List<Score> scores) throws IOException {
        Json.write(folder.resolve(NAME), scores);
    }
}
