package dev.fewtune.text;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens the tokenizer of a model, whatever it is written in. What is no {@code tokenizer.json} is converted to one, equal
 * to what the fast tokenizers of Transformers make of it.
 */
public final class Tokenizers {
    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final String VOCAB_TXT = "vocab.txt";
    private static final List<String> SENTENCE_PIECE = List.of("spiece.model", "tokenizer.model");
    private static final Set<String> T5 = Set.of("T5Tokenizer", "MT5Tokenizer");
    private static final Set<String> LLAMA = Set.of("LlamaTokenizer");
    private static final Set<String> BERT =
            Set.of("BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer");
    private static final Set<String> ANY = Set.of("PreTrainedTokenizer", "TokenizersBackend");
    /** Ten times the largest in use. */
    private static final long LARGEST_MODEL = 64L << 20;

    private Tokenizers() {}

    /**
     * Opens the first that a folder has of {@code tokenizer.json}, {@code spiece.model} or {@code tokenizer.model} of
     * sentencepiece (Unigram: T5; BPE: Llama), and {@code vocab.txt} (BERT).
     *
     * @throws IOException where a file cannot be read
     * @throws CellFailure with cause YOURS where the folder has none of them, or the one it has cannot be used
     */
    public static Tokenizer open(Path folder) throws IOException {
        Path file = folder.resolve(TOKENIZER_JSON);
        return Files.isRegularFile(file)
                ? TokenizerJson.read(file)
                : TokenizerJson.read(folder.toString(), json(folder));
    }

    /** The text of the tokenizer.json that {@link #open} would open, unchecked where the folder has one; same failures. */
    public static String json(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(TOKENIZER_JSON))) {
            return new String(Files.readAllBytes(folder.resolve(TOKENIZER_JSON)), StandardCharsets.UTF_8);
        }
        for (String file : SENTENCE_PIECE) {
            if (Files.isRegularFile(folder.resolve(file))) {
                return sentencePiece(folder.resolve(file), TokenizerConfig.read(folder));
            }
        }
        if (Files.isRegularFile(folder.resolve(VOCAB_TXT))) {
            return wordPiece(folder.resolve(VOCAB_TXT), TokenizerConfig.read(folder));
        }
        throw CellFailure.yours(
                "%s has no tokenizer: looked for %s, %s and %s, found %s.",
                folder, TOKENIZER_JSON, String.join(", ", SENTENCE_PIECE), VOCAB_TXT, listing(folder));
    }

    /**
     * The tokenizer.json of a BERT whose {@code vocab.txt} is all there is.
     *
     * @param name shown in errors
     * @param vocabulary read to its end; the caller closes it
     * @param lowerCase whether the model is an uncased one
     * @throws IOException where the stream cannot be read
     * @throws CellFailure with cause YOURS where it is no such vocabulary
     */
    public static String bertJson(String name, InputStream vocabulary, boolean lowerCase) throws IOException {
        return WordPieceJson.of(name, vocabulary.readAllBytes(), TokenizerConfig.lowerCase(lowerCase));
    }

    /**
     * The tokenizer.json of a {@code tokenizer.bin} of llama2.c.
     *
     * @throws IOException where the file cannot be read
     * @throws CellFailure with cause YOURS where it is no such file
     */
    public static String llama2cJson(Path file) throws IOException {
        return LlamaJson.of(Llama2cReader.read(file.toString(), bytes(file)), TokenizerConfig.none());
    }

    private static String sentencePiece(Path file, TokenizerConfig config) throws IOException {
        SentencePieceModel model = SentencePieceReader.read(file.toString(), bytes(file));
        if (model.kind() == SentencePieceModel.Kind.UNIGRAM) {
            refuseOther(config, T5, "%s is a Unigram model".formatted(file));
            return T5Json.of(model, config);
        }
        refuseOther(config, LLAMA, "%s is a BPE model".formatted(file));
        return LlamaJson.of(model, config);
    }

    private static String wordPiece(Path file, TokenizerConfig config) throws IOException {
        refuseOther(config, BERT, "%s is a list of WordPiece tokens".formatted(file));
        return WordPieceJson.of(file.toString(), bytes(file), config);
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > LARGEST_MODEL) {
            throw CellFailure.yours(
                    "%s has %s bytes; a tokenizer has at most %s. Maybe it is another file of that name.",
                    file, Files.size(file), LARGEST_MODEL);
        }
        return Files.readAllBytes(file);
    }

    /** Other tokenizers use the same files with other special tokens: their numbers would be wrong without a word. */
    private static void refuseOther(TokenizerConfig config, Set<String> convertible, String found) {
        config.tokenizerClass().map(name -> name.replaceFirst("Fast$", "")).ifPresent(name -> {
            if (!convertible.contains(name) && !ANY.contains(name)) {
                throw CellFailure.yours(
                        "%s, but its tokenizer_config.json asks for %s; Fewtune converts such a file for %s. "
                                + "Maybe Transformers can write a tokenizer.json for it (save_pretrained).",
                        found,
                        name,
                        String.join(", ", convertible.stream().sorted().toList()));
            }
        });
    }

    private static String listing(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return "no such folder";
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .sorted()
                    .limit(20)
                    .toList();
            return names.isEmpty() ? "nothing" : String.join(", ", names);
        }
    }
}
