package dev.fewtune.step;

import dev.fewtune.leaderboard.Board;
import dev.fewtune.leaderboard.BoardExports;
import dev.fewtune.leaderboard.Format;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts every score on one board, beside the linear control on the same rows. */
public final class Aggregate implements StepKind {
    public static final StepSpec SPEC = new StepSpec(
            "aggregate",
            "Make the leaderboard",
            1,
            Pool.LIGHT,
            List.of(Setting.text("baseline", null, "The row that all others are compared to, besides head-only.")),
            Set.of(),
            Set.of(Evaluate.SPEC.kind(), EvaluateTask.SPEC.kind()),
            true);

    private final Bench bench;

    Aggregate(Bench bench) {
        this.bench = bench;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        Settings settings = Cells.settings(SPEC, work.cell());
        List<Score> scores = new ArrayList<>();
        Map<String, CellWork.Upstream> byTable = new LinkedHashMap<>();
        int missing = 0;
        for (CellWork.Upstream evaluated : work.upstream()) {
            if (!evaluated.files().containsKey(Evaluate.SCORE)) {
                missing++;
                work.progress()
                        .log("%s has no score: %s".formatted(evaluated.cell().key(), evaluated.problem()));
                continue;
            }
            Score score = Json.read(Cells.file(evaluated, Evaluate.SCORE), Score.class);
            scores.add(score);
            byTable.putIfAbsent(score.task() + "|" + score.backbone() + "|" + score.comparability(), evaluated);
        }
        if (scores.isEmpty()) {
            throw CellFailure.yours("There is no score to aggregate: all %s evaluations are missing.", missing);
        }
        LinearControl control = new LinearControl(bench);
        int done = 0;
        for (CellWork.Upstream evaluated : byTable.values()) {
            work.progress().check();
            work.progress().at(done++, byTable.size());
            scores.add(control.score(evaluated, work.tasks()));
        }
        String baseline = settings.find("baseline").map(Object::toString).orElse(null);
        write(work.out(), Board.of(scores, Optional.ofNullable(baseline)), scores);
        work.progress().log("%,d scores on the board, %,d missing.".formatted(scores.size(), missing));
    }

    private static void write(Path out, Board board, List<Score> scores) throws IOException {
        ScoreFile.write(out, scores);
        for (Format format : Format.values()) {
            Files.writeString(out.resolve("board." + format.extension()), BoardExports.write(board, format));
        }
    }
}
