package dev.fewtune.step;

import dev.fewtune.leaderboard.Origin;
import dev.fewtune.leaderboard.Score;
import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.task.Example;
import dev.fewtune.task.Task;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Encoded;
import dev.fewtune.train.Predictor;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.TrainSettings;
import dev.fewtune.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Scores one trained method on a split that training never saw. */
public final class Evaluate implements StepKind {
    static final int BATCH = 64;
    static final String SCORE = "score.json";
    static final String PREDICTIONS = "predictions.jsonl";

    public static final StepSpec SPEC = new StepSpec(
            "evaluate",
            "Score a trained method",
            3,
            Pool.DEVICE,
            List.of(
                    Setting.choice("split", "test", List.of("validation", "test"), "The split to score."),
                    Setting.choice(
                            "precision",
                            null,
                            TrainSettings.PRECISIONS,
                            "Numbers of matrices and their products; those of the training by default.")),
            Set.of(),
            Set.of(FineTune.SPEC.kind(), ImportAdapter.SPEC.kind()),
            false);

    private final Bench bench;

    Evaluate(Bench bench) {
        this.bench = bench;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        CellWork.Upstream tuned =
                Cells.upstream(work.cell(), work.upstream(), FineTune.SPEC.kind(), ImportAdapter.SPEC.kind());
        score(work, tuned, Cells.upstream(tuned.cell(), tuned.upstream(), Tokenize.SPEC.kind()));
    }

    /** @param tokenized the data of the task that is scored */
    void score(CellWork work, CellWork.Upstream tuned, CellWork.Upstream tokenized) throws IOException {
        Settings settings = Cells.settings(SPEC, work.cell());
        DatasetCard card = Json.read(Cells.file(tokenized, DatasetCard.FILE), DatasetCard.class);
        TrainRequest request = Json.read(Cells.file(tuned, FineTune.REQUEST), TrainRequest.class);
        Share share = Share.of(work, request, card);
        TrainResult trained = share.of(Json.read(Cells.file(tuned, FineTune.RESULT), TrainResult.class));
        String split = settings.text("split");
        String precision = settings.find("precision")
                .map(Object::toString)
                .orElse(request.training().precision());
        List<Example> examples = examples(bench.task(card.task(), work.tasks()), split, card);
        Scoring scoring = new Scoring(
                card,
                request,
                trained,
                work,
                tuned,
                split,
                precision,
                examples,
                Json.read(Cells.file(tuned, Machine.FILE), Origin.class),
                Machine.origin(bench.version()));
        if (trained.notApplicable() != null) {
            Json.write(work.out().resolve(SCORE), scoring.notApplicable());
            work.progress().log("Not applicable: " + trained.notApplicable());
            return;
        }
        Model model = bench.model(card.backbone(), card.backboneHash(), work.progress());
        Path adapter = Cells.file(tuned, Trainer.ADAPTER);
        try (Tokenizer tokenizer = model.tokenizer()) {
            Encoded rows = encode(model, tokenizer, card, examples);
            Replies replies = new Replies(card, tokenizer);
            try (Predictor predictor = new Predictor(model.supply(), request, precision, adapter)) {
                Predictor.Answer predictions = share.of(predictor.predict(share.of(rows), BATCH, work.progress()));
                PredictionFile.write(work.out().resolve(PREDICTIONS), examples, replies, predictions.answers());
                Score score = scoring.score(rows, predictions, replies);
                Json.write(work.out().resolve(SCORE), score);
                score.notes().forEach(work.progress()::log);
                work.progress()
                        .log("%s of %s on %s: %.4f".formatted(score.metric(), score.variant(), split, score.value()));
                if (predictor.ways().isPresent()) {
                    Json.write(
                            work.out().resolve(LevelScores.FILE),
                            LevelScores.of(
                                    predictor,
                                    level -> scoring.score(rows, share.of(level), replies),
                                    share.of(rows),
                                    work));
                }
            }
        }
    }

    private static List<Example> examples(Task task, String split, DatasetCard card) {
        if (!split.equals("test") && !task.identity().equals(card.taskIdentity())) {
            throw CellFailure.yours(
                    "Train or validation of %s has changed since it was tokenized. Maybe run the workflow again.",
                    task.name());
        }
        return task.sample(split, card.maxSamples(split), card.dataSeed());
    }

    private static Encoded encode(Model model, Tokenizer tokenizer, DatasetCard card, List<Example> examples) {
        Encoded rows = Encoding.encode(tokenizer, examples, card.labels(), card.asking(), card.maxLength());
        Encoding.requireRows(model.spec(), tokenizer, rows);
        return rows;
    }
}
