package dev.fewtune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A workflow over two small files of the user's own, in one folder. */
record OwnData(Path folder) {
    static final String GOOD_TEST = "text\tlabel\nthe cat sleeps\tanimal\nthe rose grows\tplant\n";

    /** Writes data/train.tsv and data/test.tsv, with the columns text and label. */
    OwnData write(String test) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                data.resolve("train.tsv"),
                IntStream.range(0, 40)
                        .mapToObj(i -> i % 2 == 0
                                ? "the dog number %d runs\tanimal".formatted(i)
                                : "the tree number %d grows\tplant".formatted(i))
                        .collect(Collectors.joining("\n", "text\tlabel\n", "\n")));
        Files.writeString(data.resolve("test.tsv"), test);
        return this;
    }

    /**
     * Writes a workflow over them.
     *
     * @param tasks the key {@code tasks} with the task {@code reviews}
     * @param methods such as {@code [lora]}
     * @param board the last steps, or nothing
     */
    Path workflow(String name, String tasks, String methods, String board) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                schema: fewtune/v1
                name: %s
                %ssteps:
                  tokenize:
                    uses: tokenize
                    matrix: { task: [reviews] }
                    with: { backbone: minilm-l6, max_length: 16 }
                  tune:
                    uses: fine-tune
                    needs: [tokenize]
                    matrix: { method: %s, task: [reviews], seed: [1] }
                    with: { epochs: 1, batch_size: 8 }
                  evaluate:
                    uses: evaluate
                    needs: [tune]
                %s""".formatted(name, tasks, methods, board));
    }

    static final String TASKS = """
            tasks:
              reviews:
                files: { train: data/train.tsv, test: data/test.tsv }
                text: [text]
                label: label
            """;

    static final String BOARD = """
              board:
                uses: aggregate
                needs: [evaluate]
            """;
}
