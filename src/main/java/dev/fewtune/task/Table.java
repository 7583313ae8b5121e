package dev.fewtune.task;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Rows of a text file with their line numbers; blank lines are left out. */
final class Table {
    /** @param line of the file, from 1 */
    record Row(int line, List<String> fields) {}

    private Table() {}

    /** Tabs part the fields; quotes mean nothing. */
    static List<Row> tsv(String text) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r?\n")) {
            number++;
            if (!line.isBlank()) {
                rows.add(new Row(number, Arrays.asList(line.split("\t", -1))));
            }
        }
        return rows;
    }

    static List<Row> csv(String text) {
        List<Row> rows = new ArrayList<>();
        try (CSVParser parser =
                CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get().parse(new StringReader(text))) {
            long before = 0;
            for (CSVRecord record : parser) {
                rows.add(new Row((int) before + 1, record.toList()));
                before = parser.getCurrentLineNumber();
            }
            return rows;
        } catch (UncheckedIOException | IOException broken) {
            throw CellFailure.yours("Broken CSV: %s", broken.getMessage());
        }
    }
}
