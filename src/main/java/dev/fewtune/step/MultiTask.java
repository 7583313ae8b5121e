package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Beside;
import dev.fewtune.train.Judge;
import dev.fewtune.train.Known;
import dev.fewtune.train.SourceFile;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trains one method on several tasks at once: those that are tokenized among its needs, or else the sources. What all
 * share goes on to other steps; each task is scored by {@code evaluate}. The best epoch is that of the highest mean score.
 */
public final class MultiTask implements StepKind {
    static final String SCORES = "tasks.json";

    private static final String MIXING = "mixing";
    private static final String TEMPERATURE = "mixing_temperature";

    public static final StepSpec SPEC = new StepSpec(
            "multi-task",
            "Train one method on several tasks at once",
            1,
            Pool.DEVICE,
            settings(),
            Set.of("method"),
            Set.of(),
            false);

    private final Bench bench;

    MultiTask(Bench bench) {
        this.bench = bench;
    }

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(Setting.choice(
                MIXING,
                null,
                Beside.MIXINGS,
                "Batches: the examples of all tasks shuffled, of some tasks that are drawn for each batch, or of one"
                        + " task that is drawn by a temperature; by default what the method's paper does."));
        settings.add(Setting.number(
                TEMPERATURE,
                10.0,
                1,
                1000,
                "A task of n examples is drawn in proportion to n^(1/temperature), where batches have one task."));
        settings.add(Setting.integer("seed", 42, 0, Integer.MAX_VALUE, "Seed of the training."));
        FineTune.SPEC.settings().stream()
                .filter(setting -> !setting.name().equals("select"))
                .forEach(settings::add);
        return settings;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        Together together = Together.of(work);
        DatasetCard first = together.cards().get(0);
        Model model = bench.model(first.backbone(), first.backboneHash(), work.progress());
        TrainRequest plain = request(work, together, model);
        Sources sources = Sources.of(work, first, plain);
        TrainRequest request = plain.given(sources.learned());
        Json.write(work.out().resolve(Machine.FILE), Machine.origin(bench.version()));
        Json.write(work.out().resolve(FineTune.REQUEST), request);
        try (Tokenizer tokenizer = model.tokenizer()) {
            List<Map<String, Double>> epochs = new ArrayList<>();
            TrainResult result = new Trainer(model.supply(), sources.learned())
                    .leavingSource()
                    .train(
                            request,
                            together.split("train"),
                            together.split("validation"),
                            judge(together.scores(tokenizer), epochs),
                            work.out(),
                            work.checkpoints(),
                            work.progress());
            Json.write(work.out().resolve(FineTune.RESULT), result);
            if (result.notApplicable() == null) {
                leave(work, together, request, model, result, epochs);
            }
            work.progress().log(FineTune.summary(request, result));
        }
    }

    private static TrainRequest request(CellWork work, Together together, Model model) {
        Settings settings = Cells.settings(SPEC, work.cell());
        together.cards().forEach(card -> FineTune.requireEffect(card.asking(), settings));
        DatasetCard first = together.cards().get(0);
        String method = work.cell().method();
        int longest =
                together.cards().stream().mapToInt(DatasetCard::maxLength).max().orElseThrow();
        List<Beside.Member> members = together.members();
        String mixing = mixing(settings, method);
        double temperature = mixing.equals(Beside.BY_TEMPERATURE) ? settings.number(TEMPERATURE) : 0;
        return new TrainRequest(
                first.backbone(),
                method,
                FineTune.methodSettings(method, work.cell().methodSettings(), longest),
                members.stream().mapToInt(Beside.Member::outputs).sum(),
                together.cards().stream().anyMatch(DatasetCard::regression),
                together.metric(),
                FineTune.training(settings, model.spec()),
                settings.whole("seed"),
                together.aim(FineTune.beams(settings)),
                new Beside(List.of(), members, mixing, temperature));
    }

    private static String mixing(Settings settings, String method) {
        String mixing = settings.find(MIXING).map(Object::toString).orElse(Known.mixing(method));
        if (Known.oneTaskPerBatch(method) && !mixing.equals(Beside.BY_TEMPERATURE)) {
            throw CellFailure.yours(
                    "%s needs batches of one task, and mixing (%s) makes others. Maybe mixing: %s.",
                    method, mixing, Beside.BY_TEMPERATURE);
        }
        if (!mixing.equals(Beside.SHUFFLED) && settings.integer("batch_tokens") > 0) {
            throw CellFailure.yours(
                    "batch_tokens (%s) has an effect only with mixing: shuffled. Maybe leave it out.",
                    settings.integer("batch_tokens"));
        }
        return mixing;
    }

    private static Judge judge(Together.Scores scores, List<Map<String, Double>> epochs) {
        return (split, answers) -> {
            Map<String, Double> each = scores.of(split, answers);
            epochs.add(each);
            return each.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        };
    }

    /** What others start from, and the score of each task at the best epoch where this attempt saw it. */
    private static void leave(
            CellWork work,
            Together together,
            TrainRequest request,
            Model model,
            TrainResult result,
            List<Map<String, Double>> epochs)
            throws IOException {
        int seen = result.curve().size() - epochs.size();
        Map<String, Double> best =
                result.bestEpoch() > seen ? epochs.get(result.bestEpoch() - 1 - seen) : new LinkedHashMap<>();
        Json.write(work.out().resolve(SCORES), best);
        best.forEach((task, score) -> work.progress().log("%s scores %.4f on validation.".formatted(task, score)));
        Path file = work.out().resolve(SourceFile.NAME);
        DatasetCard first = together.cards().get(0);
        Json.write(
                work.out().resolve(SourceCard.FILE),
                new SourceCard(
                        "shared",
                        request.method(),
                        together.cards().stream().map(DatasetCard::task).toList(),
                        request.method(),
                        request.methodSettings(),
                        first.backbone(),
                        first.backboneHash(),
                        model.spec().hidden(),
                        0,
                        first.asking().objective(),
                        first.asking().template(),
                        first.maxLength(),
                        request.seed(),
                        request.metric(),
                        result.bestScore(),
                        SourceFile.checksum(file)));
    }
}
