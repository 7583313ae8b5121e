package dev.fewtune.train;

import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Memory of prompt tuning, measured by a process that does nothing else. */
final class OwnProcess {
    private static final String ANSWER = "ANSWER ";
    private static final int STEPS = 3;

    private OwnProcess() {}

    /**
     * Bytes by name.
     *
     * @param what peak (of prompt tuning), second (training in the same process), or the name of a method
     */
    static Map<String, Double> run(String what, Path folder, Path cache) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OwnProcess.class.getName(),
                what,
                folder.toString(),
                cache.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, Double> found = new LinkedHashMap<>();
        for (String line : process.inputReader().lines().toList()) {
            if (line.startsWith(ANSWER)) {
                String[] parts = line.substring(ANSWER.length()).split("=");
                found.put(parts[0], Double.parseDouble(parts[1]));
            }
        }
        if (process.waitFor() != 0 || found.isEmpty()) {
            throw new IllegalStateException("The process that measures %s ended badly.".formatted(what));
        }
        return found;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        Weights weights = new WeightFiles(Path.of(arguments[2])).of(FolderBackbone.open("t5", folder), Precision.F32);
        switch (arguments[0]) {
            case "peak" -> peak(BenchWork.promptTuning(folder, Precision.F32, weights));
            case "second" -> second(folder, weights);
            default ->
                peak(BenchWork.learner(
                        FolderBackbone.open("t5", folder), arguments[0], Map.of(), Precision.F32, weights));
        }
    }

    private static void peak(Learner<TFloat32> built) {
        try (Learner<TFloat32> learner = built) {
            Batch batch = BenchShapes.batch();
            for (int i = 0; i < STEPS; i++) {
                learner.step(batch, 0.3, i);
            }
            say("VmHWM", status("VmHWM"));
        }
    }

    /** Between the first look at the weights and the end of the construction only variables are set. */
    private static void second(Path folder, Weights weights) {
        try (Learner<TFloat32> first = BenchWork.promptTuning(folder, Precision.F32, weights)) {
            small(first);
            double before = resident();
            Looked looked = new Looked(weights);
            try (Learner<TFloat32> second = BenchWork.promptTuning(folder, Precision.F32, looked)) {
                say("assigned", resident() - looked.before);
                small(second);
                say("graph, session and a small step of the second, all together", resident() - before);
                say("resident with both", resident());
            }
        }
    }

    /** A forward pass that touches every weight. */
    private static void small(Learner<TFloat32> learner) {
        learner.predict(Batch.of(BenchShapes.few(), new int[] {0}));
    }

    /** Once it is asked, the graph and the session are there. */
    private static final class Looked implements Weights {
        private final Weights weights;
        private double before = -1;

        private Looked(Weights weights) {
            this.weights = weights;
        }

        @Override
        public long[] shape(String name) {
            return weights.shape(name);
        }

        @Override
        public double[] row(String name, int row) {
            return weights.row(name, row);
        }

        @Override
        public Tensor tensor(String name, Class<? extends TFloating> type, boolean shared) {
            if (before < 0) {
                before = resident();
            }
            return weights.tensor(name, type, shared);
        }
    }

    private static double resident() {
        System.gc();
        return status("VmRSS");
    }

    private static double status(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024.0)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void say(String name, double bytes) {
        System.out.println(ANSWER + name + "=" + bytes);
    }
}
