package dev.fewtune.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A file of named columns: {@code .tsv} (no quoting), {@code .csv} (RFC 4180) or {@code .jsonl} (one object per line),
 * in UTF-8. Empty lines are passed over.
 */
record Table(Path file, List<Row> rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param line where the row starts in the file, from 1
     * @param cells by column
     */
    record Row(int line, Map<String, String> cells) {
        String cell(Path file, String column) {
            String cell = cells.get(column);
            if (cell == null) {
                throw CellFailure.yours(
                        "%s:%s: there is no column %s. Columns: %s.",
                        file, line, column, String.join(", ", cells.keySet()));
            }
            return cell;
        }
    }

    /** @throws CellFailure with cause YOURS, naming file and line */
    static Table read(Path file) {
        List<Row> rows =
                switch (kind(file)) {
                    case "tsv" -> tabs(file);
                    case "csv" -> commas(file);
                    case "jsonl" -> objects(file);
                    default -> throw CellFailure.yours("%s: the name must end in .tsv, .csv or .jsonl.", file);
                };
        if (rows.isEmpty()) {
            throw CellFailure.yours("%s: the data set is empty.", file);
        }
        return new Table(file, List.copyOf(rows));
    }

    /** What follows the last dot of the name, in lower case. */
    static String kind(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<Row> tabs(Path file) {
        List<Row> rows = new ArrayList<>();
        List<String> header = null;
        int number = 0;
        for (String line : TextFile.read(file).split("\r\n|\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            List<String> cells = Arrays.asList(line.split("\t", -1));
            if (header == null) {
                header = header(file, number, cells);
            } else {
                rows.add(row(file, number, header, cells));
            }
        }
        return rows;
    }

    private static List<Row> commas(Path file) {
        List<Row> rows = new ArrayList<>();
        List<String> header = null;
        CsvMapper mapper = CsvMapper.builder()
                .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .build();
        int line = 1;
        String text = TextFile.read(file);
        try (MappingIterator<String[]> lines = mapper.readerFor(String[].class).readValues(text)) {
            while (lines.hasNextValue()) {
                List<String> cells = Arrays.asList(lines.nextValue());
                line = lines.getParser().currentTokenLocation().getLineNr() - lineBreaks(cells);
                if (header == null) {
                    header = header(file, line, cells);
                } else {
                    rows.add(row(file, line, header, cells));
                }
            }
        } catch (JsonProcessingException e) {
            throw CellFailure.yours("%s:%s: %s", file, e.getLocation().getLineNr(), e.getOriginalMessage());
        } catch (IOException e) {
            throw CellFailure.yours("%s:%s: %s", file, line, e.getMessage());
        }
        return rows;
    }

    /** Within quoted cells; the parser stands at the end of the row. */
    private static int lineBreaks(List<String> cells) {
        return (int) cells.stream()
                .flatMapToInt(String::chars)
                .filter(c -> c == '\n')
                .count();
    }

    private static List<Row> objects(Path file) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : TextFile.read(file).split("\r\n|\n", -1)) {
            number++;
            if (!line.isBlank()) {
                rows.add(new Row(number, cells(file, number, line)));
            }
        }
        return rows;
    }

    private static Map<String, String> cells(Path file, int line, String text) {
        JsonNode object;
        try {
            object = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw CellFailure.yours("%s:%s: this is not JSON: %s", file, line, e.getOriginalMessage());
        }
        if (!object.isObject()) {
            throw CellFailure.yours("%s:%s: a line must be one JSON object.", file, line);
        }
        Map<String, String> cells = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                cells.put(field.getKey(), field.getValue().asText());
            }
        });
        return cells;
    }

    private static List<String> header(Path file, int line, List<String> cells) {
        List<String> names = cells.stream().map(String::strip).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw CellFailure.yours("%s:%s: a column name stands twice: %s.", file, line, String.join(", ", names));
        }
        return names;
    }

    private static Row row(Path file, int line, List<String> header, List<String> cells) {
        if (cells.size() != header.size()) {
            throw CellFailure.yours(
                    "%s:%s: expected %s columns (%s), found %s.",
                    file, line, header.size(), String.join(", ", header), cells.size());
        }
        Map<String, String> byName = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            byName.put(header.get(i), cells.get(i));
        }
        return new Row(line, byName);
    }
}
