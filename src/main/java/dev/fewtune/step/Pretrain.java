package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Known;
import dev.fewtune.train.Learned;
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

/** Trains a soft prompt on one task, for others to start from. Reads and tokenizes the task itself. */
public final class Pretrain implements StepKind {
    private static final String METHOD = "prompt_method";
    private static final String LENGTH = "prompt_length";
    private static final String SOURCE = "source";

    public static final StepSpec SPEC = new StepSpec(
            "pretrain",
            "Train a source prompt that other tasks start from",
            1,
            Pool.DEVICE,
            settings(),
            Set.of(SOURCE),
            Set.of(),
            false);

    private final Bench bench;

    Pretrain(Bench bench) {
        this.bench = bench;
    }

    /** Those of the reading and of the training, and what is particular. */
    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(Tokenize.SPEC.settings());
        settings.add(Setting.choice(
                METHOD, "prompt-tuning", Known.promptMethods(), "The soft-prompt method that is trained."));
        settings.add(Setting.integer(LENGTH, 20, 1, 500, "Number of prompt rows; they shorten the text."));
        settings.add(Setting.integer("seed", 42, 0, Integer.MAX_VALUE, "Seed of the training."));
        FineTune.SPEC.settings().stream()
                .filter(setting -> Tokenize.SPEC.setting(setting.name()).isEmpty())
                .forEach(settings::add);
        return settings;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        Settings settings = Cells.settings(SPEC, work.cell());
        DatasetCard card = Tokenize.make(bench, work, Cells.axis(work.cell(), SOURCE), settings);
        Model model = bench.model(card.backbone(), card.backboneHash(), work.progress());
        TrainRequest request = request(settings, card, model);
        Json.write(work.out().resolve(Machine.FILE), Machine.origin(bench.version()));
        Json.write(work.out().resolve(FineTune.REQUEST), request);
        try (Tokenizer tokenizer = model.tokenizer()) {
            TrainResult result = new Trainer(model.supply())
                    .leavingSource()
                    .train(
                            request,
                            TokenFile.read(work.out().resolve("train.jsonl")),
                            TokenFile.read(work.out().resolve("validation.jsonl")),
                            FineTune.judge(request.metric(), card, new Replies(card, tokenizer)),
                            work.out(),
                            work.checkpoints(),
                            work.progress());
            requireApplicable(work, result);
            Json.write(work.out().resolve(FineTune.RESULT), result);
            Json.write(work.out().resolve(SourceCard.FILE), card(work.out(), request, card, model, result));
            work.progress().log(FineTune.summary(request, result));
        }
    }

    private static TrainRequest request(Settings settings, DatasetCard card, Model model) {
        FineTune.requireEffect(card.asking(), settings);
        String method = settings.text(METHOD);
        Map<String, Object> own = new LinkedHashMap<>();
        if (Known.has(method, "length")) {
            own.put("length", settings.integer(LENGTH));
        }
        return new TrainRequest(
                card.backbone(),
                method,
                FineTune.methodSettings(method, own, card.maxLength()),
                card.outputs(),
                card.regression(),
                settings.find("select").map(Object::toString).orElse(card.metric()),
                FineTune.training(settings, model.spec()),
                settings.whole("seed"),
                card.asking().aim(FineTune.beams(settings)));
    }

    private static void requireApplicable(CellWork work, TrainResult result) {
        if (result.notApplicable() != null) {
            throw CellFailure.yours("%s makes no source: %s", work.cell().key(), result.notApplicable());
        }
    }

    private static SourceCard card(Path out, TrainRequest request, DatasetCard card, Model model, TrainResult result)
            throws IOException {
        Path file = out.resolve(SourceFile.NAME);
        String checksum = SourceFile.checksum(file);
        Learned learned = SourceFile.read("prompt", card.task(), file, checksum);
        return new SourceCard(
                "prompt",
                card.task(),
                List.of(card.task()),
                request.method(),
                request.methodSettings(),
                card.backbone(),
                card.backboneHash(),
                model.spec().hidden(),
                learned.length(),
                card.asking().objective(),
                card.asking().template(),
                card.maxLength(),
                request.seed(),
                request.metric(),
                result.bestScore(),
                checksum);
    }
}
