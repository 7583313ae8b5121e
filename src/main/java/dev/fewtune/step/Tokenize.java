package dev.fewtune.step;

import dev.fewtune.run.CellWork;
import dev.fewtune.run.StepKind;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Pool;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import dev.fewtune.spec.StepSpec;
import dev.fewtune.task.Example;
import dev.fewtune.task.FewShot;
import dev.fewtune.task.Task;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.train.Aim;
import dev.fewtune.train.Encoded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns train and validation into token rows. Test is left unread. */
public final class Tokenize implements StepKind {
    static final String SHOTS_SEED = "shots_seed";
    private static final String SHOTS = "shots";
    private static final String SHOTS_OF = "shots_of";
    private static final String TRAIN_SAMPLES = "max_train_samples";

    public static final StepSpec SPEC = new StepSpec(
            "tokenize",
            "Turn texts into token numbers",
            4,
            Pool.LIGHT,
            List.of(
                    Setting.text(
                            "backbone",
                            null,
                            "The pretrained model: a built-in name, the path of a folder, or hf:org/name@revision."),
                    Setting.integer("max_length", 128, 8, 8192, "Longest input in tokens, special tokens included."),
                    Setting.choice(
                            Phrasing.OBJECTIVE,
                            null,
                            Aim.OBJECTIVES,
                            "What the model is asked for: classes of a new head, a text that it writes, or the"
                                    + " likeliest of the words of a verbalizer; by default a text of T5, and a head of all"
                                    + " others."),
                    Setting.integer(
                            Phrasing.MAX_TARGET_LENGTH,
                            null,
                            1,
                            8192,
                            "Longest text that is written, in tokens, its end included; by default that of the longest "
                                    + "target, at most 128."),
                    Setting.flag(
                            Phrasing.TASK_PREFIX,
                            false,
                            "Whether the name of the task stands before each text that is put in a template."),
                    Setting.integer(TRAIN_SAMPLES, 0, 0, 100_000_000, "Size of a fixed sample of train; 0 takes all."),
                    Setting.integer(
                            "max_validation_samples",
                            0,
                            0,
                            100_000_000,
                            "Size of a fixed sample of validation; 0 takes all."),
                    Setting.integer(
                            "max_test_samples", 0, 0, 100_000_000, "Size of a fixed sample of test; 0 takes all."),
                    Setting.integer(
                            SHOTS, 0, 0, 1_000_000, "Few examples of train, drawn class by class; 0 takes all."),
                    Setting.choice(
                            SHOTS_OF,
                            "all",
                            List.of("all", "class"),
                            "Whether shots counts all examples, as the papers do, or those of each class."),
                    Setting.integer(
                            SHOTS_SEED,
                            1,
                            0,
                            Integer.MAX_VALUE,
                            "Seed by which the shots are drawn, apart from the seed of training."),
                    Setting.integer(
                            "data_seed",
                            42,
                            0,
                            Integer.MAX_VALUE,
                            "Seed of the samples, apart from the seed of training.")),
            Set.of("task"),
            Set.of(),
            false);

    private final Bench bench;

    Tokenize(Bench bench) {
        this.bench = bench;
    }

    @Override
    public StepSpec spec() {
        return SPEC;
    }

    @Override
    public void execute(CellWork work) throws IOException {
        make(bench, work, Cells.axis(work.cell(), "task"), Cells.settings(SPEC, work.cell()));
    }

    /**
     * Writes the token rows of a task and its card into the cell's folder.
     *
     * @param settings with those of this step among them
     */
    static DatasetCard make(Bench bench, CellWork work, String name, Settings settings) throws IOException {
        String backbone = settings.text("backbone");
        Model model = bench.model(backbone, work.progress());
        int maxLength = settings.integer("max_length");
        requireLength(maxLength, model.spec());
        Task task = bench.task(name, work.tasks());
        long dataSeed = settings.whole("data_seed");
        work.progress().log("Reading %s from %s.".formatted(task.name(), task.source()));
        FewShot shots = shots(settings);
        List<Example> train =
                shots == null ? task.sample("train", settings.integer(TRAIN_SAMPLES), dataSeed) : shots.take(task);
        List<Example> validation = task.sample("validation", settings.integer("max_validation_samples"), dataSeed);
        requireSome(task, "train", train);
        requireSome(task, "validation", validation);
        work.progress().at(1, 3);
        try (Tokenizer tokenizer = model.tokenizer()) {
            Asking asking = new Phrasing(task, model, tokenizer, settings)
                    .settle(Stream.concat(train.stream(), validation.stream()).toList());
            Encoded trainRows = Encoding.encode(tokenizer, train, task.labels(), asking, maxLength);
            Encoding.requireRows(model.spec(), tokenizer, trainRows);
            TokenFile.write(work.out().resolve("train.jsonl"), trainRows);
            work.progress().at(2, 3);
            Encoded validationRows = Encoding.encode(tokenizer, validation, task.labels(), asking, maxLength);
            Encoding.requireRows(model.spec(), tokenizer, validationRows);
            TokenFile.write(work.out().resolve("validation.jsonl"), validationRows);
            int truncated = Encoding.truncated(trainRows) + Encoding.truncated(validationRows);
            DatasetCard card = card(task, model, settings, shots, asking, trainRows, validationRows, truncated);
            Json.write(work.out().resolve(DatasetCard.FILE), card);
            card.notes().forEach(work.progress()::log);
            work.progress().at(3, 3);
            return card;
        }
    }

    /** Null where train is not to be few-shot. */
    private static FewShot shots(Settings settings) {
        int shots = settings.integer(SHOTS);
        if (shots == 0) {
            return null;
        }
        if (settings.integer(TRAIN_SAMPLES) > 0) {
            throw CellFailure.yours(
                    "shots (%s) and max_train_samples (%s) both choose what is trained on. Maybe leave one out.",
                    shots, settings.integer(TRAIN_SAMPLES));
        }
        return new FewShot(shots, settings.text(SHOTS_OF).equals("class"), settings.integer(SHOTS_SEED));
    }

    private static void requireLength(int maxLength, BackboneSpec model) {
        if (maxLength > model.maxLength()) {
            throw CellFailure.yours(
                    "max_length (%,d) must be at most %,d, the longest input of %s. Maybe max_length: %d, or a"
                            + " backbone that reads more.",
                    maxLength, model.maxLength(), model.name(), model.maxLength());
        }
    }

    private static void requireSome(Task task, String split, List<Example> examples) {
        if (examples.isEmpty()) {
            throw CellFailure.yours(
                    "The %s split of %s has no example; its data are from %s. Maybe add rows to it.",
                    split, task.name(), task.source());
        }
    }

    private static DatasetCard card(
            Task task,
            Model model,
            Settings settings,
            FewShot shots,
            Asking asking,
            Encoded train,
            Encoded validation,
            int truncated) {
        int maxLength = settings.integer("max_length");
        List<String> notes = new ArrayList<>(task.notes());
        if (!asking.says().isEmpty()) {
            notes.add(asking.says());
        }
        if (shots != null) {
            notes.add("Train is %s.".formatted(shots.says()));
        }
        if (truncated > 0) {
            notes.add("%,d of %,d texts of train and validation were cut to %d tokens."
                    .formatted(truncated, train.size() + validation.size(), maxLength));
        }
        return new DatasetCard(
                settings.text("backbone"),
                model.hash(),
                task.name(),
                task.identity(),
                task.source(),
                task.metric(),
                task.regression(),
                task.labels(),
                maxLength,
                train.size(),
                validation.size(),
                settings.integer("max_train_samples"),
                settings.integer("max_validation_samples"),
                settings.integer("max_test_samples"),
                settings.whole("data_seed"),
                truncated,
                task.texts() ? Double.NaN : constant(task.regression(), train.targets()),
                notes,
                asking,
                shots);
    }

    /** Of equally frequent classes, the first. */
    private static double constant(boolean regression, double[] train) {
        if (regression) {
            return Arrays.stream(train).average().orElseThrow();
        }
        Map<Double, Long> counts =
                Arrays.stream(train).boxed().collect(Collectors.groupingBy(label -> label, Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<Double, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
    }
}
