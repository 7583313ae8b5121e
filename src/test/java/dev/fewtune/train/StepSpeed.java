package dev.fewtune.train;

import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine beside PyTorch on the same shapes. Surefire does not find it by its name; it is run with
 * {@code ./mvnw test -Pbench -Dbench.python=/path/to/python}, which has torch, transformers and peft. In each round every
 * work is done by both sides, one right after the other, and the ratio is taken within the round, so that what else runs
 * on the machine falls on both. Prints a table and writes target/bench/speed.json. Without a Python there are our figures
 * alone. {@code -Dbench.rounds} says how many rounds, {@code -Dbench.only} of which works: those with it in their name.
 */
class StepSpeed {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int ROUNDS_OF_MEMORY = Math.min(ROUNDS, 3);
    private static final String ONLY = System.getProperty("bench.only", "");
    private static final Path OUT = Path.of("target/bench/speed.json");
    private static final double MEGABYTE = 1e6;
    private static final String PEAK = "prompt tuning, T5-base, B 16: peak MB";
    private static final String SECOND = "second training, T5-base: more MB for frozen weights";

    @TempDir
    Path temp;

    private final BenchTable table = new BenchTable(
            "fewtune",
            "pytorch",
            List.of(
                    new BenchTable.Target(BenchWork.TUNING_F32, 1.05, true),
                    new BenchTable.Target(BenchWork.TUNING_BF16, 1.05, true),
                    new BenchTable.Target(BenchWork.LORA_CALL, 2, true),
                    new BenchTable.Target(BenchWork.LORA_STEPS, 2, true),
                    new BenchTable.Target(BenchWork.WRITING, 1, true),
                    new BenchTable.Target(PEAK, 1, false)));

    @Test
    void measures() throws Exception {
        List<String> works =
                BenchWork.ALL.stream().filter(work -> work.contains(ONLY)).toList();
        if (!works.isEmpty()) {
            speeds(works);
        }
        if (PEAK.contains(ONLY) || SECOND.contains(ONLY)) {
            memories();
        }
        table.write(OUT);
        System.out.println(table);
    }

    private void speeds(List<String> works) throws IOException {
        Path small = BenchShapes.t5Small(temp.resolve("t5-small"));
        Path rows = BenchShapes.wordNetRows(temp.resolve("rows.jsonl"), 4000);
        try (BenchWork ours = new BenchWork(small, rows, temp);
                PythonTwin twin = PythonTwin.start("work", small.toString(), rows.toString())) {
            for (String work : works) {
                ours.warmUp(work);
                twin.warmUp(work);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (String work : works) {
                    inTurn(round, work, ours, twin);
                }
            }
        }
    }

    /** Who is first changes from round to round. */
    private void inTurn(int round, String work, BenchWork ours, PythonTwin twin) throws IOException {
        OthersLoad load = OthersLoad.begin(twin.process());
        List<Figure> mine = List.of();
        if (round % 2 == 0) {
            mine = ours.measure(work);
        }
        List<Figure> theirs = twin.measure(work);
        if (round % 2 == 1) {
            mine = ours.measure(work);
        }
        double others = load.share();
        mine.forEach(figure -> table.addLeft(figure, others));
        theirs.forEach(figure -> table.addRight(figure, others));
        table.write(OUT);
    }

    /** Each in a process of its own. */
    private void memories() throws Exception {
        Path base = BenchShapes.t5Base(temp.resolve("t5-base"));
        Path cache = temp.resolve("cache-base");
        new WeightFiles(cache).of(FolderBackbone.open("t5", base), Precision.F32);
        for (int round = 0; round < ROUNDS_OF_MEMORY; round++) {
            OthersLoad load = OthersLoad.begin(ProcessHandle.current());
            Map<String, Double> peak = OwnProcess.run("peak", base, cache);
            double theirs = PythonTwin.peak(base);
            double others = load.share();
            table.addLeft(new Figure(PEAK, peak.get("VmHWM") / MEGABYTE, 0), others);
            if (theirs > 0) {
                table.addRight(new Figure(PEAK, theirs / MEGABYTE, 0), others);
            }
            table.write(OUT);
        }
        Map<String, Double> second = OwnProcess.run("second", base, cache);
        table.addLeft(new Figure(SECOND, second.get("assigned") / MEGABYTE, 0), 0);
        List<String> names = new ArrayList<>(second.keySet());
        names.remove("assigned");
        names.forEach(name -> table.note("second training, %s: %.1f MB".formatted(name, second.get(name) / MEGABYTE)));
    }
}
