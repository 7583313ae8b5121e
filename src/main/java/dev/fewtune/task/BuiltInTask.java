package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.TaskSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A task whose data are made from a source inside the program, the first time a split is asked for. */
final class BuiltInTask implements Task {
    private final TaskSpec spec;
    private final int version;
    private final Supplier<Map<String, List<Example>>> maker;
    private Map<String, List<Example>> splits;

    /** @param version raised by hand whenever the same source gives other data */
    BuiltInTask(TaskSpec spec, int version, Supplier<Map<String, List<Example>>> maker) {
        this.spec = spec;
        this.version = version;
        this.maker = maker;
    }

    TaskSpec spec() {
        return spec;
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
    public String identity() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((spec.name() + "|" + spec.source() + "|" + version).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public List<String> notes() {
        return spec.note().isEmpty() ? List.of() : List.of(spec.note());
    }

    @Override
    public synchronized List<Example> examples(String split) {
        if (splits == null) {
            splits = maker.get();
        }
        List<Example> examples = splits.get(split);
        if (examples == null) {
            throw CellFailure.yours("%s has no split %s. Known: %s.", name(), split, splits.keySet());
        }
        return examples;
    }
}
