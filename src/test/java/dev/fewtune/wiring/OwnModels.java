package dev.fewtune.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tiny models with random weights and a task of two classes, whose texts are of the words w0 to w35. */
public final class OwnModels {
    private static final Path RESOURCES = Path.of("src/test/resources/models");
    private static final String LLAMA_TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "a": 37, "b": 38, %s}}}
            """.formatted(words(0, 36)
            .map(word -> "\"%s\": %d".formatted(word, 1 + Integer.parseInt(word.substring(1))))
            .collect(Collectors.joining(", ")));

    private static final String SPECIAL = """
            {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
             "special": true}""";

    private static final String END = """
            {"SpecialToken": {"id": "</s>", "type_id": 0}}""";

    private static final String T5_TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s, %s], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
             "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, %s],
              "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}, %s],
              "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
             "model": {"type": "WordLevel", "unk_token": "<unk>",
              "vocab": {"<pad>": 0, "</s>": 1, "<unk>": 2, "a": 3, "b": 4, %s}}}
            """.formatted(
                    SPECIAL.formatted(0, "<pad>"),
                    SPECIAL.formatted(1, "</s>"),
                    END,
                    END,
                    words(0, 32)
                            .map(word -> "\"%s\": %d".formatted(word, 5 + Integer.parseInt(word.substring(1))))
                            .collect(Collectors.joining(", ")));

    private OwnModels() {}

    public static String workflow(String backbone) {
        return """
                schema: fewtune/v1
                name: own model
                tasks:
                  own:
                    files: { train: train.tsv, test: test.tsv }
                    text: text
                    label: label
                steps:
                  tokenize:
                    uses: tokenize
                    matrix: { task: [own] }
                    with: { backbone: "%s", max_length: 16 }
                  tune:
                    uses: fine-tune
                    needs: [tokenize]
                    matrix: { method: [lora], task: [own], seed: [1] }
                    with: { epochs: 1, batch_size: 8 }
                  evaluate:
                    uses: evaluate
                    needs: [tune]
                  board:
                    uses: aggregate
                    needs: [evaluate]
                """.formatted(backbone);
    }

    /** Writes train and test. */
    public static void data(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Integer> split :
                Map.of("train.tsv", 24, "test.tsv", 8).entrySet()) {
            Files.writeString(
                    folder.resolve(split.getKey()),
                    IntStream.range(0, split.getValue())
                            .mapToObj(
                                    i -> "w%d w%d w%d\t%s".formatted(i % 36, 18 + i % 7, i % 5, i % 2 == 0 ? "a" : "b"))
                            .collect(Collectors.joining("\n", "text\tlabel\n", "\n")));
        }
    }

    /** A BERT whose tokenizer is a vocab.txt. */
    public static Path bert(Path target) throws IOException {
        copy("bert", target);
        Files.write(
                target.resolve("vocab.txt"),
                Stream.concat(Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), words(0, 36))
                        .toList());
        return target;
    }

    /** A Llama whose tokenizer is a tokenizer.json. */
    public static Path llama(Path target) throws IOException {
        copy("llama", target);
        Files.writeString(target.resolve("tokenizer.json"), LLAMA_TOKENIZER);
        return target;
    }

    /** A T5 whose tokenizer is a tokenizer.json; it knows the words up to w31. */
    public static Path t5(Path target) throws IOException {
        copy("t5-v1_1", target);
        Files.writeString(target.resolve("tokenizer.json"), T5_TOKENIZER);
        return target;
    }

    public static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static Stream<String> words(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "w" + i);
    }

    private static void copy(String name, Path target) throws IOException {
        Files.createDirectories(target);
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(RESOURCES.resolve(name).resolve(file), target.resolve(file));
        }
    }
}
