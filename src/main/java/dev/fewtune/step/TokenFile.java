package dev.fewtune.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fewtune.text.Tokens;
import dev.fewtune.train.Encoded;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Token rows as JSON lines: {@code {"id":"…","target":3.0,"ids":[101,…],"types":[0,…],"truncated":false}}, and
 * {@code "written":[…]} where a text is to be written. */
final class TokenFile {
    private static final ObjectWriter WRITER = Json.MAPPER
            .writerFor(Row.class)
            .without(SerializationFeature.INDENT_OUTPUT)
            .withRootValueSeparator("\n");
    private static final ObjectReader READER = Json.MAPPER.readerFor(Row.class);

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(String id, double target, int[] ids, int[] types, boolean truncated, int[] written) {}

    private TokenFile() {}

    static void write(Path file, Encoded split) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file);
                SequenceWriter rows = WRITER.writeValues(out)) {
            for (int i = 0; i < split.size(); i++) {
                Tokens tokens = split.tokens().get(i);
                rows.write(new Row(
                        split.ids().get(i),
                        split.targets()[i],
                        tokens.ids(),
                        tokens.types(),
                        tokens.truncated(),
                        split.written().isEmpty() ? null : split.written().get(i)));
            }
        }
    }

    static Encoded read(Path file) throws IOException {
        List<String> ids = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        List<Double> targets = new ArrayList<>();
        List<int[]> written = new ArrayList<>();
        try (MappingIterator<Row> rows = READER.readValues(file.toFile())) {
            while (rows.hasNext()) {
                Row row = rows.next();
                ids.add(row.id());
                tokens.add(new Tokens(row.ids(), row.types(), row.truncated()));
                targets.add(row.target());
                if (row.written() != null) {
                    written.add(row.written());
                }
            }
        }
        return new Encoded(
                ids, tokens, targets.stream().mapToDouble(Double::doubleValue).toArray(), written);
    }
}
