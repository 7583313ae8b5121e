package dev.fewtune.train;

import com.sun.management.OperatingSystemMXBean;
import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.types.TFloat32;

/** Our side of each work; the names are those of speed.py. */
final class BenchWork implements AutoCloseable {
    static final String TUNING_F32 = "prompt tuning, T5-small, f32: steps/s";
    static final String TUNING_BF16 = "prompt tuning, T5-small, bf16: steps/s";
    static final String WRITING = "greedy writing, T5-small: tokens/s";
    static final String LORA = "LoRA, MiniLM";
    static final String LORA_CALL = "LoRA, MiniLM, WordNet lengths, whole call: examples/s";
    static final String LORA_STEPS = "LoRA, MiniLM, WordNet lengths, as reported: examples/s";
    static final List<String> ALL = List.of(TUNING_F32, TUNING_BF16, WRITING, LORA);
    static final int STEPS = 4;
    private static final int WARM = 3;
    private static final int WRITTEN = 64;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Path t5;
    private final Path rows;
    private final Path temp;
    private final Map<Precision, Learner<TFloat32>> learners = new HashMap<>();

    BenchWork(Path t5, Path rows, Path temp) {
        this.t5 = t5;
        this.rows = rows;
        this.temp = temp;
    }

    void warmUp(String work) {
        if (work.equals(WRITING)) {
            learner(Precision.F32).write(BenchShapes.batch(), () -> {});
        } else if (!work.equals(LORA)) {
            steps(work, WARM);
        }
    }

    List<Figure> measure(String work) throws IOException {
        return switch (work) {
            case LORA -> lora();
            case WRITING -> List.of(writing());
            default -> List.of(steps(work, STEPS));
        };
    }

    @Override
    public void close() {
        learners.values().forEach(Learner::close);
    }

    /** A learner of prompt tuning on a T5 without dropout. */
    static Learner<TFloat32> promptTuning(Path folder, Precision precision, Weights weights) {
        return learner(
                FolderBackbone.open("t5", folder, "speed"),
                "prompt-tuning",
                Map.of("length", (long) BenchShapes.PROMPT),
                precision,
                weights);
    }

    /** A learner without dropout: of texts where the network writes, and of classes where it does not. */
    static Learner<TFloat32> learner(
            Backbone backbone, String name, Map<String, Object> settings, Precision precision, Weights weights) {
        var method = Methods.named(name);
        Aim aim = backbone.writer().isPresent() ? Aim.textToText(WRITTEN, 1) : Aim.head();
        return new Learner<>(
                TFloat32.class,
                backbone,
                method,
                Settings.of(method.spec().settings(), settings),
                new Model.Task(BenchShapes.CLASSES, false, "mean", 0, true, 0, 0, precision, aim),
                new Optimizing(0, 1),
                new ReadWeights(backbone, weights),
                1);
    }

    private Figure steps(String work, int count) {
        Learner<TFloat32> learner = learner(work.equals(TUNING_F32) ? Precision.F32 : Precision.BF16);
        Batch batch = BenchShapes.batch();
        double[] took = new double[count];
        long cpu = SYSTEM.getProcessCpuTime();
        for (int i = 0; i < count; i++) {
            long began = System.nanoTime();
            learner.step(batch, 0.3, i);
            took[i] = (System.nanoTime() - began) / 1e9;
        }
        return new Figure(work, 1 / BenchTable.median(took), since(cpu) / count);
    }

    private Figure writing() {
        Learner<TFloat32> learner = learner(Precision.F32);
        Batch batch = BenchShapes.batch();
        long cpu = SYSTEM.getProcessCpuTime();
        long began = System.nanoTime();
        int tokens = learner.write(batch, () -> {}).stream()
                .mapToInt(found -> found.get(0).tokens().length)
                .sum();
        return new Figure(WRITING, tokens / ((System.nanoTime() - began) / 1e9), since(cpu) / tokens);
    }

    /** A training as a user runs it, with its graph, its batches, its checkpoint and its file. */
    private List<Figure> lora() throws IOException {
        Supply supply = Supply.builtIn(Path.of("target/test-home/cache"));
        Encoded train = BenchShapes.read(rows);
        Encoded few =
                new Encoded(train.ids().subList(0, 8), train.tokens().subList(0, 8), Arrays.copyOf(train.targets(), 8));
        TrainSettings training = new TrainSettings(1, 32, 5e-3, "linear", 0.1, 0.01, 0.1, 1, "mean", true, 0);
        TrainRequest request = new TrainRequest("minilm-l6", "lora", Map.of(), 24, false, "accuracy", training, 1);
        Path out = Files.createTempDirectory(temp, "lora");
        long cpu = SYSTEM.getProcessCpuTime();
        long began = System.nanoTime();
        TrainResult result =
                new Trainer(supply).run(request, train, few, (t, p) -> 0, out, out.resolve("kept"), Progress.SILENT);
        double seconds = (System.nanoTime() - began) / 1e9;
        return List.of(
                new Figure(LORA_CALL, train.size() / seconds, since(cpu) / train.size()),
                new Figure(LORA_STEPS, result.examplesPerSecond(), 0));
    }

    private Learner<TFloat32> learner(Precision precision) {
        return learners.computeIfAbsent(
                precision,
                made -> promptTuning(
                        t5,
                        made,
                        new WeightFiles(temp.resolve("cache")).of(FolderBackbone.open("t5", t5, "speed"), made)));
    }

    private static double since(long cpu) {
        return (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
    }
}
