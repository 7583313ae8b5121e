package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.Llama2c;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.Settings;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.text.Tokenizers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/** Networks that people have trained say what they are known to say. */
class GenuineModelsTest {
    private static final Path STORIES = Path.of("../shared/data/models/stories260K");
    /** The steps that run.c takes where none are asked for. */
    private static final int STEPS = 256;

    private static final int BEGIN = 1;
    private static final Pattern STORY = Pattern.compile("-t 0\\.0\\n(.*?)\\n```", Pattern.DOTALL);

    @TempDir
    Path cache;

    @Test
    void stories260KTellsItsStoryWordForWord() throws IOException {
        assumeTrue(Files.exists(STORIES), "the stories260K model is not in ../shared/data");
        Matcher story = STORY.matcher(Files.readString(STORIES.resolve("stories260K.md")));
        assertThat(story.find()).isTrue();

        Batch begin = Texts.batch(List.of(new int[] {BEGIN}), List.of());
        Backbone backbone = new Llama2c(STORIES.resolve("stories260K.bin"));
        try (Learner<TFloat32> learner = learner(backbone, Aim.textToText(STEPS, 1));
                Tokenizer tokenizer = tokenizer("tok512", Tokenizers.llama2cJson(STORIES.resolve("tok512.bin")))) {
            int[] written = learner.write(begin, () -> {}).get(0).get(0).tokens();
            assertThat(tokenizer.decode(written, true)).isEqualTo(story.group(1));
        }
    }

    @Test
    void bertBaseKnowsTheCapitalOfFrance() throws IOException {
        Backbone backbone = Backbones.ALL.stream()
                .filter(known -> known.spec().name().equals("bert-base"))
                .findFirst()
                .orElseThrow();
        assumeTrue(
                backbone.spec().absent().isEmpty(), "this build is without BERT-base; it needs the profile bert-base");

        try (Tokenizer tokenizer = tokenizer("bert-base", Known.tokenizerJson("bert-base"))) {
            int[] ids = tokenizer
                    .encode(List.of("the capital of france is [MASK] ."), null, 16)
                    .get(0)
                    .ids();
            int mask = tokenizer.tokenId("[MASK]").orElseThrow();
            List<List<Integer>> all = IntStream.range(0, tokenizer.vocabularySize())
                    .mapToObj(List::of)
                    .toList();
            try (Learner<TFloat32> learner = learner(backbone, Aim.verbalizer(all, mask))) {
                double[][] scores = learner.predict(Texts.batch(List.of(ids), List.of()));
                assertThat((int) Outputs.predictions(scores, false)[0])
                        .isEqualTo(tokenizer.tokenId("paris").orElseThrow());
            }
        }
    }

    private static Tokenizer tokenizer(String name, String json) throws IOException {
        return TokenizerJson.read(name, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private Learner<TFloat32> learner(Backbone backbone, Aim aim) {
        return new Learner<>(
                TFloat32.class,
                backbone,
                Methods.named("bitfit"),
                Settings.of(List.of(), Map.of()),
                new Model.Task(1, false, "mean", 0, true, 0, 0, Precision.F32, aim),
                null,
                new WeightFiles(cache).of(backbone),
                1);
    }
}
