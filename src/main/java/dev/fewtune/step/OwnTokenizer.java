package dev.fewtune.step;

import dev.fewtune.corpus.Corpus;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Progress;
import dev.fewtune.spec.Settings;
import dev.fewtune.text.Sentinels;
import dev.fewtune.text.SmallerVocabulary;
import dev.fewtune.text.Tokenizer;
import dev.fewtune.text.TokenizerJson;
import dev.fewtune.text.Tokenizers;
import dev.fewtune.train.Known;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tokenizer of a network that is to be made: a known one, with fewer tokens where the text needs fewer. */
record OwnTokenizer(Settings settings) {
    private static final int COUNTED = 64;

    /** The text of its tokenizer.json; the text is read once to count tokens. */
    String json(Progress progress) throws IOException {
        String given = given();
        int size = settings.integer("vocabulary");
        if (size == 0) {
            return given;
        }
        progress.log("Counting the tokens of %s.".formatted(settings.text("text")));
        try (Tokenizer tokenizer = open(given)) {
            Corpus corpus = Corpus.read(Path.of(settings.text("text")), tokenizer, List.of(), COUNTED, progress);
            return SmallerVocabulary.of(given, corpus.counts(tokenizer.vocabularySize()), size);
        }
    }

    static Tokenizer open(String json) throws IOException {
        return TokenizerJson.read("tokenizer.json", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private String given() throws IOException {
        String name = settings.text("tokenizer");
        String json = Known.backbone(name).isPresent() ? Known.tokenizerJson(name) : ofFolder(Path.of(name));
        return settings.text("architecture").equals("t5") ? Sentinels.in(json) : json;
    }

    private static String ofFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw CellFailure.yours("There is no folder %s. Maybe tokenizer: minilm-l6, which is built in.", folder);
        }
        return Tokenizers.json(folder);
    }
}
