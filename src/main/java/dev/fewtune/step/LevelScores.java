package dev.fewtune.step;

import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The scores of one training in each way in which it may be used.
 *
 * @param level what the number of a way counts
 * @param scores in the order of the numbers
 */
public record LevelScores(String level, String metric, List<Of> scores) {
    static final String FILE = "levels.json";

    /** The score at one number. */
    public record Of(int level, double score) {}

    /** They make a curve of the cell, too. */
    static LevelScores of(Predictor predictor, Function<Predictor.Answer, Score> scoring, Encoded rows, CellWork work) {
        Predictor.Ways ways = predictor.ways().orElseThrow();
        List<Of> scores = new ArrayList<>();
        String metric = "";
        for (int level = 0; level < ways.count(); level++) {
            predictor.use(level);
            Score score = scoring.apply(predictor.predict(rows, Evaluate.BATCH, work.progress()));
            metric = score.metric();
            scores.add(new Of(level, score.value()));
            work.progress().metric("%s_by_%s".formatted(metric, ways.what()), level, score.value());
        }
        return new LevelScores(ways.what(), metric, scores);
    }
}
