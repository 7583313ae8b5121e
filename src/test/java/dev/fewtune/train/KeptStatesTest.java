package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import dev.fewtune.text.Tokens;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat64;

/** States below all that trains are computed once, wherever that is exact. */
class KeptStatesTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final long PLENTY = 1_000_000;
    private static final Encoded TRAIN = Samples.split("train", 40);
    private static final Encoded VALIDATION = Samples.split("validation", 12);
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    static Stream<Arguments> pairs() {
        return Stream.of("roberta", "t5-v1_1", "llama")
                .flatMap(network -> Stream.of(
                        Arguments.of(network, "head-only", Map.of()),
                        Arguments.of(network, "lst", Map.of("skip", 0L)),
                        Arguments.of(network, "adapterdrop", Map.of("dropped", 1L))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void stepsAndAnswersAreTheSameOnKeptStates(String network, String method, Map<String, Object> settings) {
        Backbone backbone = FolderBackbone.open(network, MODELS.resolve(network));
        try (Learner<TFloat64> learner = learner(backbone, method, settings, Aim.head(), 0)) {
            requireSame(learner, backbone, TRAIN);
        }
    }

    @ParameterizedTest
    @CsvSource({"t5-v1_1", "llama"})
    void writersGoOnFromKeptStates(String network) {
        Backbone backbone = FolderBackbone.open(network, MODELS.resolve(network));
        Encoded texts = new Encoded(
                TRAIN.ids(), TRAIN.tokens(), TRAIN.targets(), Collections.nCopies(TRAIN.size(), new int[] {5, 7, 1}));
        Map<String, Object> settings = Map.of("dropped", 1L);
        try (Learner<TFloat64> learner = learner(backbone, "adapterdrop", settings, Aim.textToText(4, 1), 0)) {
            requireSame(learner, backbone, texts);
        }
    }

    @Test
    void cutsWhereTheFirstThingTrains() {
        Backbone tiny = new TinyBert();
        assertThat(cut(tiny, "head-only", Map.of(), 0).toString()).isEqualTo("pooled");
        assertThat(cut(tiny, "adapterdrop", Map.of("dropped", 1L), 0).toString())
                .isEqualTo("encoder.0.layer");
        assertThat(cut(tiny, "lst", Map.of("skip", 0L), 0).toString()).isEqualTo("encoder.0.layer, encoder.1.layer");
        assertThat(cut(tiny, "lora", Map.of(), 0).isEmpty()).isTrue();
        assertThat(cut(tiny, "full", Map.of(), 0).isEmpty()).isTrue();
        assertThat(cut(tiny, "prompt-tuning", Map.of(), 0).isEmpty()).isTrue();
    }

    @Test
    void keepsNothingWhereDropoutActsBelow() {
        assertThat(cut(new TinyBert(), "head-only", Map.of(), 0.1).isEmpty()).isTrue();
        assertThat(train("head-only", 1, "dropout", 0.1).bestEpoch()).isPositive();
        assertThat(said).anyMatch(line -> line.contains("Maybe backbone_dropout: false"));
    }

    @Test
    void aTrainingOnKeptStatesEndsAsOneWithout() throws Exception {
        TrainResult without = train("adapterdrop", 1, "keepStates", false);
        Map<String, double[]> numbers = adapter();
        TrainResult with = train("adapterdrop", 1);
        assertThat(said).anyMatch(line -> line.contains("States of train at encoder.0.layer: 40 texts"));
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(with.curve().get(epoch).trainLoss())
                    .isCloseTo(without.curve().get(epoch).trainLoss(), Offset.offset(1e-5));
            assertThat(with.curve().get(epoch).validationLoss())
                    .isCloseTo(without.curve().get(epoch).validationLoss(), Offset.offset(1e-5));
        }
        adapter()
                .forEach((name, values) ->
                        assertThat(values).as(name).containsExactly(numbers.get(name), Offset.offset(1e-4)));
    }

    @Test
    void anotherSeedAndAnotherMethodFindThem() {
        train("adapterdrop", 1);
        said.clear();
        train("adapterdrop", 2);
        assertThat(said)
                .anyMatch(line -> line.contains("States of train at encoder.0.layer") && line.contains("found"));
        said.clear();
        train("lst", 1);
        assertThat(said)
                .anyMatch(line -> line.contains("encoder.0.layer, encoder.1.layer") && line.contains("found in part"));
    }

    @Test
    void theFirstAndTheSecondTrainingHaveTheSameBits() throws Exception {
        train("adapterdrop", 1);
        Map<String, double[]> first = adapter();
        train("adapterdrop", 1);
        assertThat(said).anyMatch(line -> line.contains("found in"));
        adapter().forEach((name, values) -> assertThat(values).as(name).containsExactly(first.get(name)));
    }

    @Test
    void otherTextsOtherWeightsAndAnotherPrecisionHaveStatesOfTheirOwn() throws IOException {
        train("head-only", 1);
        assertThat(files()).hasSize(2);
        train("head-only", 1, "precision", "bf16");
        assertThat(files()).hasSize(4);
        train(supply(PLENTY), "tiny", "head-only", 1, Samples.split("others", 40), "keepStates", true);
        assertThat(files()).hasSize(5);
        Backbone other = FolderBackbone.open("tiny", MODELS.resolve("roberta"), "other");
        Supply others = new Supply(List.of(other), Methods.ALL, new WeightFiles(folder.resolve("w")), shelf(PLENTY));
        train(others, "tiny", "head-only", 1, TRAIN, "keepStates", true);
        assertThat(files()).hasSize(7);
    }

    @Test
    void aSplitOfOtherLengthsHasStatesOfItsOwn() throws IOException {
        train("head-only", 1);
        Encoded shorter = new Encoded(
                TRAIN.ids(),
                TRAIN.tokens().stream()
                        .map(tokens -> new Tokens(java.util.Arrays.copyOf(tokens.ids(), 2), new int[2], false))
                        .toList(),
                TRAIN.targets());
        train(supply(PLENTY), "tiny", "head-only", 1, shorter, "keepStates", true);
        assertThat(files()).hasSize(3);
    }

    @Test
    void takesNoMoreOfTheDiskThanItMay() throws IOException {
        long pooled = 40 * TinyBert.WIDTH * Float.BYTES;
        train(supply(pooled + 100), "tiny", "head-only", 1, TRAIN, "keepStates", true);
        assertThat(files()).hasSize(1);
        assertThat(said).anyMatch(line -> line.contains("States of validation at pooled are not kept: files that are"));
        Encoded others = Samples.split("others", 40);
        train(supply(pooled + 100), "tiny", "head-only", 1, others, "keepStates", true);
        assertThat(files()).hasSize(1);
        said.clear();
        train(supply(pooled - 1), "tiny", "head-only", 1, TRAIN, "keepStates", true);
        assertThat(said).anyMatch(line -> line.contains("they take 2,560 bytes, and all that is kept may take 2,559"));
    }

    @Test
    void whatWasUsedLastStays() throws IOException {
        for (int second = 0; second < 3; second++) {
            Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000_000 + second), ZoneOffset.UTC);
            take(
                    new Shelf(folder.resolve("shelf"), 30, clock),
                    List.of("a", "b", "a").get(second));
        }
        take(new Shelf(folder.resolve("shelf"), 30, CLOCK), "c", "d");
        assertThat(folder.resolve("shelf")).isDirectoryContaining("glob:**/a.states");
        assertThat(folder.resolve("shelf")).isDirectoryNotContaining("glob:**/b.states");
    }

    @Test
    void aFileThatIsCutOffIsMadeAgain() throws IOException {
        train("head-only", 1);
        for (Path file : files()) {
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                out.truncate(out.size() - 1);
            }
        }
        said.clear();
        train("head-only", 1);
        assertThat(said).anyMatch(line -> line.contains("States of train at pooled") && line.contains("made"));
    }

    @Test
    void theDraftOfAKilledProcessIsRemoved() throws IOException {
        Files.createDirectories(folder.resolve("shelf"));
        Files.writeString(folder.resolve("shelf").resolve("dead.part"), "half");
        take(new Shelf(folder.resolve("shelf"), 30, CLOCK), "a");
        assertThat(folder.resolve("shelf")).isDirectoryNotContaining("glob:**/*.part");
    }

    @Test
    void twoTrainingsAtOnceMakeThemOnce() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<TrainResult>> results = new ArrayList<>();
            for (String out : List.of("one", "two")) {
                Supply own = supply(PLENTY);
                results.add(two.submit(() -> run(own, "tiny", "head-only", 1, TRAIN, out, "keepStates", true)));
            }
            assertThat(results.get(0).get().curve())
                    .isEqualTo(results.get(1).get().curve());
        } finally {
            two.shutdown();
        }
        assertThat(said.stream().filter(line -> line.contains("States of train") && line.contains("made in")))
                .hasSize(1);
        assertThat(said.stream().filter(line -> line.contains("States of train") && line.contains("found in")))
                .hasSize(1);
    }

    /** Loss, gradients and answers, with and without. */
    private void requireSame(Learner<TFloat64> learner, Backbone backbone, Encoded split) {
        Keeping<TFloat64> keeping = new Keeping<>(shelf(PLENTY), learner, backbone.identity(), logging());
        try (States learned = keeping.ofLearning(split);
                States asked = keeping.ofAnswering(split, "split")) {
            assertThat(learned.isEmpty()).isFalse();
            assertThat(learner.cuts().learning().saved()).isBetween(0.01, 1.0);
            for (int[] rows : List.of(new int[] {3, 17, 8}, new int[] {39, 0})) {
                Batch batch = Batch.of(split, rows, 10);
                assertThat(learner.loss(batch.from(learned), 0))
                        .isCloseTo(learner.loss(batch, 0), Offset.offset(1e-10));
                Map<String, double[]> gradients = learner.gradients(batch, 0);
                learner.gradients(batch.from(learned), 0)
                        .forEach((name, values) ->
                                assertThat(values).as(name).containsExactly(gradients.get(name), Offset.offset(1e-9)));
                double[][] answers = learner.predict(batch);
                double[][] kept = learner.predict(batch.from(asked));
                for (int row = 0; row < rows.length; row++) {
                    assertThat(kept[row]).containsExactly(answers[row], Offset.offset(1e-9));
                }
            }
        }
    }

    private Cut<TFloat64> cut(Backbone backbone, String method, Map<String, Object> settings, double inside) {
        try (Learner<TFloat64> learner = learner(backbone, method, settings, Aim.head(), inside)) {
            return learner.cuts().learning();
        }
    }

    private Learner<TFloat64> learner(
            Backbone backbone, String name, Map<String, Object> settings, Aim aim, double inside) {
        Method method = Methods.named(name);
        return new Learner<>(
                TFloat64.class,
                backbone,
                method,
                Settings.of(method.spec().settings(), settings),
                new Model.Task(3, false, "mean", 0, true, inside, 0, Precision.F32, aim),
                new Optimizing(0, 1),
                new ReadWeights(backbone, new WeightFiles(folder.resolve("weights")).of(backbone)),
                1);
    }

    private void take(Shelf shelf, String... keys) {
        List<Shelf.Wish> wishes =
                Stream.of(keys).map(key -> new Shelf.Wish(key, 10, 5)).toList();
        Shelf.Taken taken = shelf.take(
                wishes,
                drafts -> {
                    for (FileChannel draft : drafts.values()) {
                        draft.write(java.nio.ByteBuffer.allocate(10));
                    }
                },
                Progress.SILENT);
        assertThat(taken.refusal()).isNull();
        taken.files().values().forEach(Held::close);
    }

    private TrainResult train(String method, long seed, Object... changes) {
        Object[] all =
                Stream.concat(Stream.of("keepStates", true), Stream.of(changes)).toArray();
        return train(supply(PLENTY), "tiny", method, seed, TRAIN, all);
    }

    private TrainResult train(
            Supply supply, String backbone, String method, long seed, Encoded train, Object... changes) {
        return run(supply, backbone, method, seed, train, "out", changes);
    }

    private TrainResult run(
            Supply supply, String backbone, String method, long seed, Encoded train, String out, Object... changes) {
        Object[] all = Stream.concat(Stream.of("dropout", 0.0, "checkpointEvery", 0), Stream.of(changes))
                .toArray();
        Map<String, Object> settings =
                switch (method) {
                    case "adapterdrop" -> Map.of("dropped", 1L);
                    case "lst" -> Map.of("skip", 0L);
                    default -> Map.of();
                };
        TrainRequest request =
                new TrainRequest(backbone, method, settings, 3, false, "accuracy", Trainings.with(all), seed);
        Path into = folder.resolve(out);
        return new Trainer(supply)
                .run(
                        request,
                        train,
                        VALIDATION,
                        (targets, found) -> 0,
                        into,
                        folder.resolve("checkpoints-" + System.nanoTime()),
                        logging());
    }

    private Supply supply(long bound) {
        return new Supply(
                List.of(new TinyBert()), Methods.ALL, new WeightFiles(folder.resolve("weights")), shelf(bound));
    }

    private Shelf shelf(long bound) {
        return new Shelf(folder.resolve("states"), bound, CLOCK);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("states"))) {
            return all.filter(file -> file.toString().endsWith(".states")).toList();
        }
    }

    private Map<String, double[]> adapter() throws IOException {
        Safetensors file = Safetensors.open(folder.resolve("out").resolve(Trainer.ADAPTER));
        Map<String, double[]> numbers = new java.util.TreeMap<>();
        for (String name : file.names()) {
            numbers.put(name, file.numbers(name));
        }
        return numbers;
    }

    private Progress logging() {
        return new Progress() {
            @Override
            public void at(long done, long total) {}

            @Override
            public void log(String line) {
                said.add(line);
            }

            @Override
            public void metric(String name, long step, double value) {}

            @Override
            public void check() {}
        };
    }
}
