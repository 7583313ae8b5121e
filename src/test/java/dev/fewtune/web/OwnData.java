package dev.fewtune.web;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A small task of a user's own files under the data root of the tests. */
final class OwnData {
    static final Path ROOT = Path.of("target/test-data");
    static final String GOOD_TEST = "text\tlabel\nthe cat sleeps\tanimal\nthe rose grows\tplant\n";

    private OwnData() {}

    /** Trains a head on the files, without a board. */
    static String workflow(String train, String test) {
        return """
                schema: fewtune/v1
                name: own
                tasks:
                  own:
                    files: { train: %s, test: %s }
                    text: text
                    label: label
                steps:
                  tokenize:
                    uses: tokenize
                    matrix: { task: [own] }
                    with: { backbone: minilm-l6, max_length: 16 }
                  tune:
                    uses: fine-tune
                    needs: [tokenize]
                    matrix: { method: [head-only], task: [own], seed: [1] }
                    with: { epochs: 1, batch_size: 8 }
                  evaluate:
                    uses: evaluate
                    needs: [tune]
                """.formatted(train, test);
    }

    /** Two classes in turn. */
    static String train(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> i % 2 == 0
                        ? "the dog number %d runs\tanimal".formatted(i)
                        : "the tree number %d grows\tplant".formatted(i))
                .collect(Collectors.joining("\n", "text\tlabel\n", "\n"));
    }

    static void write(String name, String text) throws IOException {
        write(name, text, StandardCharsets.UTF_8);
    }

    static void write(String name, String text, Charset charset) throws IOException {
        Files.createDirectories(ROOT);
        Files.writeString(ROOT.resolve(name), text, charset);
    }
}
