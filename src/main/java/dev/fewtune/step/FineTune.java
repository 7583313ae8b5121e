package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.task.Metrics;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Aim;
import dev.fewtune.train.Judge;
import dev.fewtune.train.Known;
import dev.fewtune.train.TrainRequest;
import dev.fewtune.train.TrainResult;
import dev.fewtune.train.TrainSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Trains one method on one task with one seed. */
public final class FineTune implements StepKind {
    static final String REQUEST = "request.json";
    static final String RESULT = "train.json";
    private static final String DECODING = "decoding";
    private static final String GREEDY = "greedy";
    private static final String BEAM = "beam";
    private static final String POOLING = "pooling";
    private static final String MAX_LENGTH = "max_length";

    public static final StepSpec SPEC = new StepSpec(
            "fine-tune",
            "Train one method on one task with one seed",
            4,
            Pool.DEVICE,
            List.of(
                    Setting.text("backbone", null, "The pretrained model; inherited from tokenize."),
                    Setting.integer("epochs", 3, 1, 10_000, "Most passes over train."),
                    Setting.integer(
                            "patience",
                            0,
                            0,
                            10_000,
                            "Epochs without a better score on validation after which training ends; 0 for never."),
                    Setting.integer("batch_size", 32, 1, 4096, "Most examples of a batch."),
                    Setting.integer(
                            "batch_tokens",
                            0,
                            0,
                            100_000_000,
                            "Most tokens of a batch, padding included; 0 for no such limit."),
                    Setting.integer("accumulate", 1, 1, 4096, "Batches whose gradients make up one optimizer step."),
                    Setting.choice("optimizer", "adamw", TrainSettings.OPTIMIZERS, "What moves the trained numbers."),
                    Setting.number("lr", null, 1e-8, 10, "Peak learning rate; each method has a default of its own.")
                            .onlyWith("relative_step", false),
                    Setting.number("head_lr", null, 1e-8, 10, "Peak learning rate of the head; that of all by default.")
                            .onlyWith("relative_step", false),
                    Setting.number(
                                    "norm_lr",
                                    null,
                                    1e-8,
                                    10,
                                    "Peak learning rate of norms that train beside a method's own numbers; that of all "
                                            + "by default.")
                            .onlyWith("relative_step", false),
                    Setting.choice("schedule", "linear", TrainSettings.SCHEDULES, "Learning rate after warm-up.")
                            .onlyWith("relative_step", false),
                    Setting.number(
                                    "warmup",
                                    0.1,
                                    0,
                                    0.99,
                                    "Share of all steps in which the learning rate rises from 0.")
                            .onlyWith("relative_step", false),
                    Setting.flag(
                                    "relative_step",
                                    false,
                                    "Whether the optimizer chooses the learning rate, min(0.01, 1/sqrt(step)).")
                            .onlyWith("optimizer", "adafactor"),
                    Setting.flag(
                                    "scale_parameter",
                                    false,
                                    "Whether the learning rate grows with the root mean square of what it moves.")
                            .onlyWith("optimizer", "adafactor"),
                    Setting.number(
                                    "clip_threshold",
                                    1.0,
                                    1e-6,
                                    1e6,
                                    "Root mean square of an update above which it is scaled down.")
                            .onlyWith("optimizer", "adafactor"),
                    Setting.number("weight_decay", 0.01, 0, 1, "Decoupled weight decay, on matrices only."),
                    Setting.number("dropout", 0.1, 0, 0.9, "Dropout of the backbone and before the head."),
                    Setting.flag("backbone_dropout", true, "Whether the dropout acts inside the backbone, too."),
                    Setting.number(
                            "label_smoothing",
                            0.0,
                            0,
                            0.99,
                            "Share of a class target that is spread over all classes."),
                    Setting.number("max_grad_norm", 1.0, 0, 1e6, "Global clipping norm of the gradients; 0 for none."),
                    Setting.choice(
                            "precision",
                            "f32",
                            TrainSettings.PRECISIONS,
                            "Numbers of matrices and their products; bf16 halves the frozen weights, and is faster"
                                    + " only where the processor has it."),
                    Setting.choice(
                            DECODING,
                            GREEDY,
                            List.of(GREEDY, BEAM),
                            "How a text is written: always the likeliest token, or the likeliest text of several"
                                    + " beams."),
                    Setting.integer("beams", 4, 2, 64, "Beginnings of a text that are followed at once.")
                            .onlyWith(DECODING, BEAM),
                    Setting.choice(
                            POOLING,
                            null,
                            List.of("cls", "mean", "last"),
                            "What the head reads: the first token, the mean of all, or the last one; by default the"
                                    + " last one of a decoder and the mean of all others."),
                    Setting.text(
                            "select",
                            null,
                            "Metric on validation that chooses the best epoch; the task's metric by default."),
                    Setting.integer(
                            "checkpoint_every",
                            0,
                            0,
                            1_000_000,
                            "Optimizer steps between checkpoints, besides each epoch's end."),
                    Setting.flag(
                            "keep_states",
                            true,
                            "Whether states below all that trains are kept on disk and found again, where no dropout acts there.")),
            Set.of("method", "task", "seed"),
            Set.of("tokenize"),
            false);

    private final Bench bench;

    FineTune(Bench bench) {
        this.bench = bench;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        CellWork.Upstream tokenized = Cells.upstream(work.cell(), work.upstream(), Tokenize.SPEC.kind());
        DatasetCard card = Json.read(Cells.file(tokenized, DatasetCard.FILE), DatasetCard.class);
        Model model = bench.model(card.backbone(), card.backboneHash(), work.progress());
        TrainRequest request = request(work, card, model.spec());
        Json.write(work.out().resolve(Machine.FILE), Machine.origin(bench.version()));
        try (Tokenizer tokenizer = model.tokenizer()) {
            Transfer.Outcome outcome = new Transfer(model.supply(), Sources.of(work, card, request))
                    .train(
                            request,
                            card.task(),
                            TokenFile.read(Cells.file(tokenized, "train.jsonl")),
                            TokenFile.read(Cells.file(tokenized, "validation.jsonl")),
                            judge(request.metric(), card, new Replies(card, tokenizer)),
                            work);
            Json.write(work.out().resolve(REQUEST), outcome.request());
            Json.write(work.out().resolve(RESULT), outcome.result());
            work.progress().log(summary(request, outcome.result()));
        }
    }

    /** Higher is better, also for an error. */
    static Judge judge(String metric, DatasetCard card, Replies replies) {
        List<String> known = card.asking().texts() ? Metrics.knownForTexts() : Metrics.known(card.regression());
        if (!known.contains(metric)) {
            throw CellFailure.yours("select (%s) does not fit this task. Known: %s.", metric, known);
        }
        if (card.asking().texts()) {
            return (split, answers) -> Metrics.ofTexts(metric, replies.texts(answers), replies.texts(split.written()));
        }
        double sign = Metrics.higherIsBetter(metric) ? 1 : -1;
        return (split, answers) -> sign * Metrics.of(metric, replies.numbers(answers), split.targets());
    }

    private static TrainRequest request(CellWork work, DatasetCard card, BackboneSpec model) {
        Settings settings = Cells.settings(SPEC, work.cell());
        requireEffect(card.asking(), settings);
        return new TrainRequest(
                card.backbone(),
                work.cell().method(),
                methodSettings(work.cell().method(), work.cell().methodSettings(), card.maxLength()),
                card.outputs(),
                card.regression(),
                settings.find("select").map(Object::toString).orElse(card.metric()),
                training(settings, model),
                Cells.seed(work.cell()),
                card.asking().aim(beams(settings)));
    }

    static int beams(Settings settings) {
        return settings.text(DECODING).equals(BEAM) ? settings.integer("beams") : 1;
    }

    static void requireEffect(Asking asking, Settings settings) {
        if (settings.text(DECODING).equals(BEAM) && !asking.writes()) {
            throw CellFailure.yours(
                    "decoding (beam) has no effect with the objective %s, which writes nothing. Maybe leave it out.",
                    asking.objective());
        }
        settings.find(POOLING)
                .filter(pooling -> !asking.objective().equals(Aim.HEAD))
                .ifPresent(pooling -> {
                    throw CellFailure.yours(
                            "pooling (%s) has no effect with the objective %s, which has no head. Maybe leave it out.",
                            pooling, asking.objective());
                });
    }

    /** As given; where the method asks for the longest input and none is given, that of the data. */
    static Map<String, Object> methodSettings(String method, Map<String, Object> given, int maxLength) {
        Map<String, Object> settings = new LinkedHashMap<>(given);
        if (Known.has(method, MAX_LENGTH)) {
            settings.putIfAbsent(MAX_LENGTH, maxLength);
        }
        return settings;
    }

    static TrainSettings training(Settings settings, BackboneSpec model) {
        return new TrainSettings(
                settings.integer("epochs"),
                settings.integer("batch_size"),
                rate(settings, "lr"),
                settings.text("schedule"),
                settings.number("warmup"),
                settings.number("weight_decay"),
                settings.number("dropout"),
                settings.number("max_grad_norm"),
                settings.find(POOLING).map(Object::toString).orElse(model.causal() ? "last" : "mean"),
                true,
                settings.integer("checkpoint_every"),
                settings.text("optimizer"),
                settings.flag("relative_step"),
                settings.flag("scale_parameter"),
                settings.number("clip_threshold"),
                rate(settings, "head_lr"),
                rate(settings, "norm_lr"),
                settings.integer("accumulate"),
                settings.integer("batch_tokens"),
                settings.flag("backbone_dropout"),
                settings.number("label_smoothing"),
                settings.integer("patience"),
                settings.text("precision"),
                settings.flag("keep_states"));
    }

    /** 0 where none is said. */
    private static double rate(Settings settings, String name) {
        return settings.find(name).map(rate -> ((Number) rate).doubleValue()).orElse(0.0);
    }

    static String summary(TrainRequest request, TrainResult result) {
        if (result.notApplicable() != null) {
            return "Not applicable: " + result.notApplicable();
        }
        return String.format(
                Locale.ROOT,
                "%s on %s: %,d steps in %.1f s, %.0f examples/s, %.1f %% padding, best epoch %d, %,d + %,d + %,d"
                        + " parameters (method, norms, head).",
                request.method(),
                request.backbone(),
                result.steps(),
                result.trainSeconds(),
                result.examplesPerSecond(),
                100 * result.paddingShare(),
                result.bestEpoch(),
                result.methodParameters(),
                result.normParameters(),
                result.headParameters());
    }
}
