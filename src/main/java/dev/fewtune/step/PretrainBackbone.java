package dev.fewtune.step;

import dev.fewtune.corpus.Corpus;
import dev.fewtune.corpus.MaskedWords;
import dev.fewtune.corpus.Noise;
import dev.fewtune.corpus.SpanCorruption;
import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Known;
import dev.fewtune.train.PretrainRequest;
import dev.fewtune.train.PretrainResult;
import dev.fewtune.train.Pretrainer;
import dev.fewtune.train.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes a small network of the user's own from running text, as a folder that Transformers reads too. */
public final class PretrainBackbone implements StepKind {
    static final String RESULT = "pretrain.json";

    public static final StepSpec SPEC = new StepSpec(
            "pretrain-backbone",
            "Pretrain a small network on a folder of text",
            2,
            Pool.DEVICE,
            List.of(
                    Setting.path("text", List.of(), "The folder of the .txt files to learn from."),
                    Setting.path("into", List.of(), "The folder of the model that is made; it must not hold one yet."),
                    Setting.path(
                            "tokenizer",
                            Known.backbones().stream().map(b -> b.name()).toList(),
                            "The folder of the tokenizer, or a built-in model whose tokenizer is taken."),
                    Setting.choice(
                            "architecture",
                            "t5",
                            List.of("t5", "bert"),
                            "t5 learns to write spans that were taken out, bert to fill in masked words."),
                    Setting.integer(
                            "vocabulary",
                            8000,
                            0,
                            1_000_000,
                            "Tokens that are kept: the most frequent ones of the text; 0 keeps all."),
                    Setting.integer("width", 256, 8, 8192, "Of a hidden state; a multiple of heads."),
                    Setting.integer("layers", 4, 1, 96, "Of each stack."),
                    Setting.integer("heads", 4, 1, 128, "Of each attention."),
                    Setting.integer("inner", 1024, 8, 65_536, "Width of the feed-forward sub-layers."),
                    Setting.flag("gated", false, "Whether the feed-forward sub-layers of a t5 have a gate."),
                    Setting.integer("length", 128, 16, 4096, "Most tokens that are read at once."),
                    Setting.number("density", 0.15, 0.01, 0.9, "Share of the tokens that is taken out."),
                    Setting.number(
                            "mean_span", 3.0, 1, 100, "Mean length of what is taken out at once, in tokens; t5."),
                    Setting.integer("steps", 10_000, 0, 100_000_000, "Optimizer steps; 0 leaves the weights random."),
                    Setting.integer("batch_size", 32, 1, 4096, "Texts of a batch."),
                    Setting.integer("accumulate", 1, 1, 4096, "Batches whose gradients make up one optimizer step."),
                    Setting.choice("optimizer", "adafactor", TrainSettings.OPTIMIZERS, "What moves the weights."),
                    Setting.flag(
                            "scale_parameter",
                            true,
                            "Whether the learning rate grows with the root mean square of what it moves."),
                    Setting.number("lr", 2e-2, 1e-8, 10, "Peak learning rate."),
                    Setting.choice("schedule", "cosine", TrainSettings.SCHEDULES, "Learning rate after warm-up."),
                    Setting.number("warmup", 0.02, 0, 0.99, "Share of all steps in which the learning rate rises."),
                    Setting.number("weight_decay", 0.01, 0, 1, "Decoupled weight decay, on matrices only."),
                    Setting.number("dropout", 0.0, 0, 0.9, "Dropout of the network."),
                    Setting.number("max_grad_norm", 1.0, 0, 1e6, "Global clipping norm of the gradients; 0 for none."),
                    Setting.integer("validate_every", 500, 1, 1_000_000, "Steps between looks at held-out text."),
                    Setting.integer("held_out", 200, 1, 1_000_000, "Most held-out texts of such a look."),
                    Setting.integer("checkpoint_every", 250, 0, 1_000_000, "Steps between checkpoints.")),
            Set.of("seed"),
            Set.of(),
            false);

    private final Bench bench;

    PretrainBackbone(Bench bench) {
        this.bench = bench;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        Settings settings = Cells.settings(SPEC, work.cell());
        Path into = Path.of(settings.text("into"));
        ModelFolder.requireFree(into);
        Path blank = work.checkpoints().resolve("blank");
        String json = new OwnTokenizer(settings).json(work.progress());
        try (Tokenizer tokenizer = OwnTokenizer.open(json)) {
            NewNetwork network = NewNetwork.of(settings, tokenizer);
            ModelFolder.blank(blank, network, json, Cells.seed(work.cell()));
            Noise noise = noise(settings, tokenizer, network);
            Corpus corpus = Corpus.read(
                    Path.of(settings.text("text")),
                    tokenizer,
                    network.special(),
                    noise.blockLength(settings.integer("length")),
                    work.progress());
            work.progress()
                    .log("%,d tokens; %,d blocks to learn from and %,d held out."
                            .formatted(corpus.tokens(), corpus.size(), corpus.heldOut()));
            Model model = bench.model(blank.toString(), work.progress());
            Path weights = work.checkpoints().resolve("trained.safetensors");
            PretrainResult result = new Pretrainer(model.supply())
                    .run(
                            request(settings, model.spec().name(), Cells.seed(work.cell())),
                            corpus,
                            noise,
                            weights,
                            work.checkpoints(),
                            work.progress());
            Json.write(work.out().resolve(Machine.FILE), Machine.origin(bench.version()));
            Json.write(work.out().resolve(RESULT), result);
            ModelFolder.deliver(blank, weights, into, work.out());
            work.progress().log(summary(result, into));
        }
        Files.deleteIfExists(work.checkpoints().resolve("trained.safetensors"));
    }

    private static Noise noise(Settings settings, Tokenizer tokenizer, NewNetwork network) {
        double density = settings.number("density");
        return settings.text("architecture").equals("t5")
                ? SpanCorruption.of(tokenizer, density, settings.number("mean_span"), network.end())
                : MaskedWords.of(tokenizer, density);
    }

    private static PretrainRequest request(Settings settings, String name, long seed) {
        return new PretrainRequest(
                name,
                settings.integer("length"),
                settings.integer("steps"),
                settings.integer("validate_every"),
                settings.integer("held_out"),
                new TrainSettings(
                        1,
                        settings.integer("batch_size"),
                        settings.number("lr"),
                        settings.text("schedule"),
                        settings.number("warmup"),
                        settings.number("weight_decay"),
                        settings.number("dropout"),
                        settings.number("max_grad_norm"),
                        "mean",
                        false,
                        settings.integer("checkpoint_every"),
                        settings.text("optimizer"),
                        false,
                        settings.flag("scale_parameter"),
                        1,
                        0,
                        0,
                        settings.integer("accumulate"),
                        0,
                        true,
                        0,
                        0,
                        "f32",
                        false),
                seed);
    }

    private static String summary(PretrainResult result, Path into) {
        return String.format(
                Locale.ROOT,
                "%,d parameters, %,d steps in %.0f s, %,.0f tokens/s; held out %.3f nats per token, a unigram %.3f. The model is in %s.",
                result.parameters(),
                result.steps(),
                result.seconds(),
                result.tokensPerSecond(),
                result.heldOut(),
                result.unigram(),
                into);
    }
}
