package dev.fewtune.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A task of files whose official test labels are hidden, split as the code of ATTEMPT, MPT and DePT does it, with the
 * permutation of {@link TorchShuffle} and seed 42. {@code halved}, for small data: the file for test is the official
 * validation split, whose first half, rounded down, validates and whose rest is test. {@code first-1000}, for large data:
 * the first 1,000 of train validate, and the rest is train.
 */
public final class PaperSplits implements Task {
    public static final String HALVED = "halved";
    public static final String FIRST = "first-1000";
    public static final List<String> RULES = List.of(HALVED, FIRST);

    private static final int SEED = 42;
    private static final int VALIDATION = 1000;

    private final String rule;
    private final Task files;

    private PaperSplits(String rule, Task files) {
        this.rule = rule;
        this.files = files;
    }

    /** @param rule one of {@link #RULES}; empty for the files as they are */
    public static Task of(String rule, FileTask.Source source) {
        if (rule.isEmpty()) {
            return new FileTask(source);
        }
        Map<String, java.nio.file.Path> files = new LinkedHashMap<>(source.files());
        files.put(Splits.VALIDATION, files.get(rule.equals(HALVED) ? Splits.TEST : Splits.TRAIN));
        return new PaperSplits(rule, new FileTask(source.with(files)));
    }

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public String source() {
        return files.source();
    }

    @Override
    public String metric() {
        return files.metric();
    }

    @Override
    public boolean regression() {
        return files.regression();
    }

    @Override
    public boolean texts() {
        return files.texts();
    }

    @Override
    public List<String> labels() {
        return files.labels();
    }

    @Override
    public Wording wording() {
        return files.wording();
    }

    @Override
    public String identity() {
        return new Digest().add("splits " + rule).add(files.identity()).hex();
    }

    @Override
    public List<String> notes() {
        return List.of(
                rule.equals(HALVED)
                        ? "Validation and test are the two halves of the file for test, shuffled by torch's"
                                + " permutation of seed 42."
                        : "Validation is the first 1,000 examples of train, shuffled by torch's permutation of seed"
                                + " 42.");
    }

    @Override
    public List<Example> examples(String split) {
        Splits.check(split);
        if (rule.equals(HALVED)) {
            return split.equals(Splits.TRAIN) ? files.examples(split) : half(split);
        }
        return split.equals(Splits.TEST) ? files.examples(split) : part(split);
    }

    private List<Example> half(String split) {
        List<Example> all = TorchShuffle.of(files.examples(Splits.TEST), SEED);
        int middle = all.size() / 2;
        return split.equals(Splits.VALIDATION) ? all.subList(0, middle) : all.subList(middle, all.size());
    }

    private List<Example> part(String split) {
        List<Example> all = TorchShuffle.of(files.examples(Splits.TRAIN), SEED);
        int first = Math.min(VALIDATION, all.size() / 2);
        return split.equals(Splits.VALIDATION) ? all.subList(0, first) : all.subList(first, all.size());
    }
}
