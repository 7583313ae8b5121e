package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A task made from the user's files. Train is read when labels, metric or examples are asked for, another split only
 * when its examples are. A task without a validation file gives a fixed 10 % of train as validation.
 *
 * <p>Labels that are listed are classes. Labels that are not listed are classes too, unless all of train are numbers
 * and either the metric is one of a regression, or no metric is given and they are more than whole numbers with at most
 * 20 different values (so that 0 and 1, or stars from 1 to 5, stay classes). With a metric of texts they are texts that are
 * to be written.
 */
public final class FileTask implements Task {
    private final Source source;
    private Train train;

    /**
     * Files and what their columns mean.
     *
     * @param files by split: train, and where given validation and test
     * @param text column names: one or two, or more where a template is said
     * @param label column name of the label
     * @param labels the legal labels in the order of their numbers; empty where they are found in train
     * @param metric one of {@link Metrics#known()}, or null for pearson (a regression) or accuracy
     * @param template see {@link Wording}
     * @param words see {@link Wording}
     */
    public record Source(
            String name,
            Map<String, Path> files,
            List<String> text,
            String label,
            List<String> labels,
            String metric,
            String template,
            Map<String, String> words) {
        /** Most texts of an example. */
        public static final int MOST_TEXTS = 8;

        /** Without a template and words. */
        public Source(
                String name,
                Map<String, Path> files,
                List<String> text,
                String label,
                List<String> labels,
                String metric) {
            this(name, files, text, label, labels, metric, "", Map.of());
        }

        /** The same with other files. */
        Source with(Map<String, Path> others) {
            return new Source(name, others, text, label, labels, metric, template, words);
        }

        public Source {
            files = Map.copyOf(files);
            text = List.copyOf(text);
            labels = List.copyOf(labels);
            if (!files.containsKey(Splits.TRAIN)) {
                throw CellFailure.yours("The task %s names no file for train.", name);
            }
            for (String split : files.keySet()) {
                Splits.check(split);
            }
            if (text.isEmpty() || text.size() > MOST_TEXTS) {
                throw CellFailure.yours(
                        "The task %s must name one to %s text columns, not %s.", name, MOST_TEXTS, text.size());
            }
            if (metric != null && !Metrics.known().contains(metric)) {
                throw CellFailure.yours(
                        "The task %s: there is no metric %s. Known: %s.",
                        name, metric, String.join(", ", Metrics.known()));
            }
            if (labels.stream().distinct().count() < labels.size()) {
                throw CellFailure.yours("The task %s lists a label twice: %s.", name, String.join(", ", labels));
            }
        }
    }

    public FileTask(Source source) {
        this.source = source;
    }

    @Override
    public String name() {
        return source.name();
    }

    /** The names of the files. */
    @Override
    public String source() {
        List<String> names = Splits.NAMES.stream()
                .filter(source.files()::containsKey)
                .map(split -> source.files().get(split).getFileName().toString())
                .toList();
        return String.join(", ", names);
    }

    @Override
    public String metric() {
        return train().target().metric();
    }

    @Override
    public boolean regression() {
        return train().target().regression();
    }

    @Override
    public boolean texts() {
        return train().target().texts();
    }

    @Override
    public List<String> labels() {
        return train().target().labels();
    }

    @Override
    public Wording wording() {
        return new Wording(source.text(), source.template(), source.words());
    }

    /** Over the bytes of all files but test's, and every setting but the name and the paths. */
    @Override
    public String identity() {
        Digest digest = new Digest().add("file task 2");
        new TreeMap<>(source.files()).forEach((split, file) -> {
            if (!split.equals(Splits.TEST)) {
                digest.add(split).add(Table.kind(file)).add(TextFile.bytes(file));
            }
        });
        source.text().forEach(digest::add);
        digest.add(source.label());
        source.labels().forEach(digest::add);
        return digest.add("metric " + source.metric()).hex();
    }

    @Override
    public List<String> notes() {
        if (source.files().containsKey(Splits.VALIDATION)) {
            return List.of();
        }
        int cut = train().validation().size();
        return List.of("Validation was cut from train by a fixed hash of the text: %s of %s examples."
                .formatted(cut, cut + train().train().size()));
    }

    @Override
    public List<Example> examples(String split) {
        Splits.check(split);
        if (split.equals(Splits.TRAIN)) {
            return train().train();
        }
        if (source.files().containsKey(split)) {
            List<Example> examples = read(split);
            examples.forEach(train().target()::check);
            return examples;
        }
        if (split.equals(Splits.VALIDATION)) {
            return train().validation();
        }
        throw CellFailure.yours(
                "The task %s names no file for %s, only for %s.",
                name(), split, String.join(", ", new TreeMap<>(source.files()).keySet()));
    }

    /**
     * What the file for train tells.
     *
     * @param validation what was cut from the file; empty where validation has a file of its own
     */
    private record Train(Target target, List<Example> train, List<Example> validation) {}

    private synchronized Train train() {
        if (train == null) {
            List<Example> all = read(Splits.TRAIN);
            Target target = Target.of(source, all);
            train = source.files().containsKey(Splits.VALIDATION)
                    ? new Train(target, all, List.of())
                    : cut(target, all);
        }
        return train;
    }

    /** The tenth with the smallest hashes of their text; equal texts stay together. */
    private Train cut(Target target, List<Example> all) {
        double[] places = all.stream().mapToDouble(FileTask::place).toArray();
        double[] sorted = places.clone();
        Arrays.sort(sorted);
        double limit = sorted[Math.max(0, all.size() / 10 - 1)];
        List<Example> train = new ArrayList<>();
        List<Example> validation = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            (places[i] <= limit ? validation : train).add(all.get(i));
        }
        if (train.isEmpty()) {
            throw CellFailure.yours(
                    "The task %s: train holds one text only, so that no validation can be cut from it.", name());
        }
        return new Train(target, List.copyOf(train), List.copyOf(validation));
    }

    private static double place(Example example) {
        return Splits.uniform("file/" + example.first() + "\n" + example.second() + String.join("\n", example.more()));
    }

    private List<Example> read(String split) {
        Path file = source.files().get(split);
        return Table.read(file).rows().stream().map(row -> example(file, row)).toList();
    }

    private Example example(Path file, Table.Row row) {
        List<String> texts =
                source.text().stream().map(column -> row.cell(file, column)).toList();
        return new Example(
                file.getFileName() + ":" + row.line(),
                texts.get(0),
                texts.size() > 1 ? texts.get(1) : null,
                row.cell(file, source.label()).strip(),
                texts.subList(Math.min(2, texts.size()), texts.size()));
    }
}
