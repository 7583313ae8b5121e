package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/**
 * What each method takes of time and memory beside full fine-tuning, and what epochs on kept states take beside those of
 * LoRA; always in turns, as {@link StepSpeed}. Run by the profile bench; {@code -Dbench.only} names what is measured: steps,
 * memory or kept. Writes target/bench/methods.json and target/bench/kept.json.
 */
class MethodSpeed {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final String ONLY = System.getProperty("bench.only", "");
    private static final Path CACHE = Path.of("target/test-home/cache");
    private static final double RATE = 1e-6;
    private static final double MEGABYTE = 1e6;
    private static final int TEXTS = Integer.getInteger("bench.texts", 2000);
    private static final int ROWS = 32;
    private static final String ON_KEPT = "epoch of %s on kept states, MiniLM: examples/s";
    private static final String FIRST = "first epoch of %s, its states made, MiniLM: examples/s";

    @TempDir
    Path temp;

    @Test
    void measuresStepsAndMemory() throws Exception {
        BenchTable table = new BenchTable("method", "full", List.of());
        Path small = BenchShapes.t5Small(temp.resolve("t5-small"));
        Path rows = BenchShapes.wordNetRows(temp.resolve("rows.jsonl"), ROWS);
        Batch texts = Batch.of(BenchShapes.read(rows), IntStream.range(0, ROWS).toArray());
        if ("steps".contains(ONLY)) {
            steps("MiniLM", miniLm(), texts, table);
            steps("T5-small", FolderBackbone.open("t5", small, "speed"), BenchShapes.batch(), table);
        }
        if ("memory".contains(ONLY)) {
            memory("T5-small", small, table);
        }
        table.write(Path.of("target/bench/methods.json"));
        System.out.println(table);
    }

    @Test
    void measuresEpochsOnKeptStates() throws Exception {
        if (!"kept".contains(ONLY)) {
            return;
        }
        BenchTable table =
                new BenchTable("on states", "lora", List.of(new BenchTable.Target(ON_KEPT.formatted("lst"), 5, true)));
        Encoded texts = BenchShapes.read(BenchShapes.wordNetRows(temp.resolve("texts.jsonl"), TEXTS));
        try (Learner<TFloat32> lora = learner(miniLm(), "lora", Map.of())) {
            epoch(lora, texts, States.NONE);
            for (String method : List.of("lst", "head-only", "adapterdrop")) {
                try (Learner<TFloat32> learner = learner(miniLm(), method, Map.of())) {
                    kept(method, learner, lora, texts, table);
                }
            }
        }
        table.write(Path.of("target/bench/kept.json"));
        System.out.println(table);
    }

    private void steps(String title, Backbone backbone, Batch batch, BenchTable table) {
        try (Learner<TFloat32> full = learner(backbone, "full", Map.of())) {
            step(full, batch);
            for (MethodSpec method : Methods.specs()) {
                try (Learner<TFloat32> learner = learner(backbone, method.name(), Map.of())) {
                    step(learner, batch);
                    String name = "%s, %s: steps/s".formatted(method.name(), title);
                    for (int round = 0; round < ROUNDS; round++) {
                        OthersLoad load = OthersLoad.begin(ProcessHandle.current());
                        double ours = step(learner, batch);
                        double theirs = step(full, batch);
                        double others = load.share();
                        table.addLeft(new Figure(name, 1 / ours, 0), others);
                        table.addRight(new Figure(name, 1 / theirs, 0), others);
                    }
                } catch (CellFailure | IllegalArgumentException e) {
                    table.note("%s on %s is left out: %s".formatted(method.name(), title, e.getMessage()));
                }
            }
        }
    }

    private void memory(String title, Path folder, BenchTable table) throws IOException, InterruptedException {
        Path cache = temp.resolve("cache");
        new WeightFiles(cache).of(FolderBackbone.open("t5", folder), Precision.F32);
        double full = OwnProcess.run("full", folder, cache).get("VmHWM");
        for (MethodSpec method : Methods.specs()) {
            String name = "%s, %s: peak MB".formatted(method.name(), title);
            try {
                double ours = OwnProcess.run(method.name(), folder, cache).get("VmHWM");
                table.addLeft(new Figure(name, ours / MEGABYTE, 0), 0);
                table.addRight(new Figure(name, full / MEGABYTE, 0), 0);
            } catch (IllegalStateException e) {
                table.note("%s: %s".formatted(name, e.getMessage()));
            }
        }
    }

    private void kept(
            String method, Learner<TFloat32> learner, Learner<TFloat32> lora, Encoded texts, BenchTable table) {
        epoch(learner, texts, States.NONE);
        Shelf shelf = new Shelf(temp.resolve("states-" + method), 1_000_000_000, Clock.systemUTC());
        Keeping<TFloat32> keeping = new Keeping<>(shelf, learner, "minilm", Progress.SILENT);
        OthersLoad load = OthersLoad.begin(ProcessHandle.current());
        long began = System.nanoTime();
        try (States states = keeping.ofLearning(texts)) {
            double making = (System.nanoTime() - began) / 1e9;
            table.note("%s: its states spare %.0f %% of the products of matrices."
                    .formatted(method, 100 * learner.cuts().learning().saved()));
            double first = making + epoch(learner, texts, states);
            double beside = epoch(lora, texts, States.NONE);
            table.addLeft(new Figure(FIRST.formatted(method), TEXTS / first, 0), load.share());
            table.addRight(new Figure(FIRST.formatted(method), TEXTS / beside, 0), load.share());
            for (int round = 0; round < ROUNDS; round++) {
                OthersLoad others = OthersLoad.begin(ProcessHandle.current());
                double ours = epoch(learner, texts, states);
                double theirs = epoch(lora, texts, States.NONE);
                double share = others.share();
                table.addLeft(new Figure(ON_KEPT.formatted(method), TEXTS / ours, 0), share);
                table.addRight(new Figure(ON_KEPT.formatted(method), TEXTS / theirs, 0), share);
            }
        }
    }

    /** Seconds. */
    private static double epoch(Learner<TFloat32> learner, Encoded texts, States states) {
        long began = System.nanoTime();
        int step = 0;
        for (Batches.Cut cut : new Batches(texts, ROWS, 0).epoch(1, 1)) {
            learner.step(Batch.of(texts, cut.rows(), cut.width()).from(states), RATE, step++);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** Seconds. */
    private static double step(Learner<TFloat32> learner, Batch batch) {
        long began = System.nanoTime();
        learner.step(batch, RATE, 0);
        return (System.nanoTime() - began) / 1e9;
    }

    private Learner<TFloat32> learner(Backbone backbone, String method, Map<String, Object> settings) {
        return BenchWork.learner(
                backbone, method, settings, Precision.F32, new WeightFiles(cache(backbone)).of(backbone));
    }

    private Path cache(Backbone backbone) {
        return backbone.spec().name().equals("t5") ? temp.resolve("cache") : CACHE;
    }

    private static Backbone miniLm() {
        return Backbones.ALL.stream()
                .filter(backbone -> backbone.spec().name().equals("minilm-l6"))
                .findFirst()
                .orElseThrow();
    }
}
