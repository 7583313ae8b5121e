package dev.fewtune.task;

import dev.fewtune.spec.TaskSpec;
import java.util.List;

/** A built-in task. */
final class WordNetTask implements Task {
    /** To be raised by whoever changes which examples the makers give. */
    private static final String VERSION = "1";

    private final TaskSpec spec;
    private final Remembered<Splits> splits;

    WordNetTask(TaskSpec spec, Remembered<Splits> splits) {
        this.spec = spec;
        this.splits = splits;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public String source() {
        return spec.source();
    }

    @Override
    public String metric() {
        return spec.metric();
    }

    @Override
    public boolean regression() {
        return false;
    }

    @Override
    public List<String> labels() {
        return spec.labels();
    }

    @Override
    public Wording wording() {
        return Wording.plain(spec.texts());
    }

    @Override
    public String identity() {
        return new Digest().add(WordNet.ARTIFACT).add(spec.name()).add(VERSION).hex();
    }

    @Override
    public List<String> notes() {
        return List.of(spec.note());
    }

    @Override
    public List<Example> examples(String split) {
        return splits.get().named(split);
    }
}
