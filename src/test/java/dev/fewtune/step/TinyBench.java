package dev.fewtune.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Progress;
import dev.fewtune.task.FileTask;
import dev.fewtune.task.PaperSplits;
import dev.fewtune.task.Task;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.train.Supply;
import dev.fewtune.workflow.TaskFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A network of two small layers with random weights, whose 36 words are w0 to w35, and the user's files. */
final class TinyBench implements Bench {
    static final String BACKBONE = new TinyBert().spec().name();
    private static final String TOKENIZER = """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
         "pre_tokenizer": {"type": "Whitespace"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
           "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
           "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                              "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
         "decoder": null,
         "model": {"type": "WordLevel", "unk_token": "[UNK]",
                   "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, %s}}}
        """.formatted(IntStream.range(0, 36)
            .mapToObj(i -> "\"w%d\": %d".formatted(i, i + 4))
            .collect(Collectors.joining(", ")));
    private final Supply supply;

    TinyBench(Path cache) {
        supply = new Supply(List.of(new TinyBert()), Methods.ALL, new WeightFiles(cache));
    }

    /** The tiny network. */
    private record Tiny(String hash, Supply supply) implements Model {
        @Override
        public BackboneSpec spec() {
            return new TinyBert().spec();
        }

        @Override
        public Tokenizer tokenizer() {
            try {
                return TokenizerJson.read(
                        BACKBONE, new ByteArrayInputStream(TOKENIZER.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    @Override
    public Model model(String name, Progress progress) {
        return new Tiny(new TinyBert().identity(), supply);
    }

    @Override
    public Model model(String name, String hash, Progress progress) {
        assertThat(hash).isEqualTo(new TinyBert().identity());
        return model(name, progress);
    }

    @Override
    public Task task(String name, Map<String, TaskFiles> own) {
        TaskFiles files = own.get(name);
        return PaperSplits.of(
                files.splits(),
                new FileTask.Source(
                        name,
                        files.files().entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, split -> Path.of(split.getValue()))),
                        files.text(),
                        files.label(),
                        files.labels(),
                        files.metric(),
                        files.template(),
                        files.verbalizer()));
    }

    @Override
    public String version() {
        return "test";
    }
}
