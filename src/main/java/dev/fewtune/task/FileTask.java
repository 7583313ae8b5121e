package dev.fewtune.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.KeyedRandom;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A task from the user's files: TSV (no quoting), CSV (RFC 4180) or JSON lines, by the ending of the name. It is a
 * regression where no labels are listed and all labels of train are numbers, of which one at least has a decimal point.
 * Without a validation file, every tenth example of train by a fixed hash becomes validation.
 */
public final class FileTask implements Task {
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final long CUT_SEED = 7;
    private static final double CUT_SHARE = 0.1;

    private final Source source;
    private final Map<String, List<Example>> read = new HashMap<>();
    private List<String> labels;
    private Boolean regression;

    /**
     * What the workflow says of a task.
     *
     * @param files by split: train, and where given validation and test
     * @param text one or two columns
     * @param labels the legal labels in order; empty where they are found in train
     * @param metric or null for accuracy and, of a regression, pearson
     */
    public record Source(
            String name,
            Map<String, Path> files,
            List<String> text,
            String label,
            List<String> labels,
            String metric) {}

    public FileTask(Source source) {
        this.source = source;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String source() {
        return new TreeMap<>(source.files()).toString();
    }

    @Override
    public String metric() {
        String metric = source.metric() == null ? (regression() ? "pearson" : "accuracy") : source.metric();
        if (!Metrics.known(regression()).contains(metric)) {
            throw CellFailure.yours(
                    "The metric %s does not fit %s. Known: %s.", metric, name(), Metrics.known(regression()));
        }
        return metric;
    }

    @Override
    public synchronized boolean regression() {
        if (regression == null) {
            List<Example> train = rows("train");
            regression = source.labels().isEmpty()
                    && train.stream()
                            .allMatch(row -> NUMBER.matcher(row.label()).matches())
                    && train.stream().anyMatch(row -> row.label().contains("."));
        }
        return regression;
    }

    @Override
    public synchronized List<String> labels() {
        if (regression()) {
            return List.of();
        }
        if (labels == null) {
            labels = source.labels().isEmpty()
                    ? List.copyOf(new TreeSet<>(
                            rows("train").stream().map(Example::label).toList()))
                    : source.labels();
        }
        return labels;
    }

    @Override
    public String identity() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((source.text() + "|" + source.label() + "|" + source.labels()).getBytes());
            for (Path file : new TreeMap<>(source.files()).values()) {
                digest.update(bytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public List<String> notes() {
        return source.files().containsKey("validation")
                ? List.of()
                : List.of("Validation is a tenth of train, cut by a fixed hash.");
    }

    @Override
    public List<Example> examples(String split) {
        if (!source.files().containsKey("validation") && !split.equals("test")) {
            boolean wanted = split.equals("validation");
            return checked(
                    rows("train").stream().filter(row -> cut(row) == wanted).toList(), split);
        }
        return checked(rows(split), split);
    }

    private static boolean cut(Example row) {
        return new KeyedRandom(CUT_SEED, "cut/" + row.id()).nextDouble() < CUT_SHARE;
    }

    private List<Example> checked(List<Example> examples, String split) {
        for (Example example : examples) {
            if (regression()) {
                requireNumber(example);
            } else if (!labels().contains(example.label())) {
                throw CellFailure.yours(
                        "%s: the label '%s' of %s is not among those of train: %s.",
                        example.id(), example.label(), split, String.join(", ", labels()));
            }
        }
        return examples;
    }

    private static void requireNumber(Example example) {
        if (!NUMBER.matcher(example.label()).matches()) {
            throw CellFailure.yours("%s: the label '%s' is not a number.", example.id(), example.label());
        }
    }

    private synchronized List<Example> rows(String split) {
        return read.computeIfAbsent(split, this::readSplit);
    }

    private List<Example> readSplit(String split) {
        Path file = source.files().get(split);
        if (file == null) {
            throw CellFailure.yours(
                    "%s has no %s file. Given: %s.",
                    name(), split, new TreeSet<>(source.files().keySet()));
        }
        List<Example> rows = file.toString().endsWith(".jsonl") ? jsonLines(file) : table(file);
        if (rows.isEmpty()) {
            throw CellFailure.yours("%s has no examples.", file);
        }
        return rows;
    }

    private List<Example> jsonLines(Path file) {
        ObjectMapper json = new ObjectMapper();
        List<Example> examples = new ArrayList<>();
        int number = 0;
        for (String line : text(file).split("\r?\n")) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode node = json.readTree(line);
                Map<String, String> fields = new HashMap<>();
                node.properties()
                        .forEach(field ->
                                fields.put(field.getKey(), field.getValue().asText()));
                examples.add(example(file, number, fields));
            } catch (JsonProcessingException broken) {
                throw CellFailure.yours("%s:%s: broken JSON: %s", file, number, broken.getOriginalMessage());
            }
        }
        return examples;
    }

    private List<Example> table(Path file) {
        List<Table.Row> rows = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                ? Table.csv(text(file))
                : Table.tsv(text(file));
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> columns = rows.get(0).fields();
        List<Example> examples = new ArrayList<>();
        for (Table.Row row : rows.subList(1, rows.size())) {
            if (row.fields().size() < columns.size()) {
                throw CellFailure.yours(
                        "%s:%s: the row has %s columns; the header has %s: %s.",
                        file, row.line(), row.fields().size(), columns.size(), String.join(", ", columns));
            }
            Map<String, String> fields = new HashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                fields.put(columns.get(i), row.fields().get(i));
            }
            examples.add(example(file, row.line(), fields));
        }
        return examples;
    }

    private Example example(Path file, int line, Map<String, String> fields) {
        List<String> texts = source.text().stream()
                .map(column -> field(file, line, fields, column))
                .toList();
        return new Example(
                file.getFileName() + ":" + line,
                texts.get(0),
                texts.size() > 1 ? texts.get(1) : null,
                field(file, line, fields, source.label()));
    }

    private static String field(Path file, int line, Map<String, String> fields, String column) {
        String value = fields.get(column);
        if (value == null) {
            throw CellFailure.yours(
                    "%s:%s: there is no column %s. There are: %s.", file, line, column, new TreeSet<>(fields.keySet()));
        }
        return value;
    }

    private static String text(Path file) {
        byte[] bytes = bytes(file);
        try {
            return java.nio.charset.StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException wrong) {
            throw CellFailure.yours("%s:%s: not UTF-8. Maybe save the file again as UTF-8.", file, wrongLine(bytes));
        }
    }

    private static int wrongLine(byte[] bytes) {
        String lenient = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        int at = Math.max(0, lenient.indexOf('\uFFFD'));
        return 1 + (int) lenient.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw CellFailure.yours("There is no file %s.", file);
        } catch (IOException unreadable) {
            throw CellFailure.yours("%s cannot be read: %s", file, unreadable.getMessage());
        }
    }
}
