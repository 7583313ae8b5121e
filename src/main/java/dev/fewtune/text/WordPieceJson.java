package dev.fewtune.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewtune.spec.CellFailure;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes a {@code vocab.txt} (one token a line, its number is its line, from 0) as the tokenizer.json of BERT:
 * {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}. Settings and their defaults are those of Transformers'
 * BertTokenizer: {@code do_lower_case} (true), {@code strip_accents} (as do_lower_case), {@code tokenize_chinese_chars}
 * (true).
 */
final class WordPieceJson {
    private static final int LONGEST_WORD = 100;
    private static final Map<String, String> ROLES = Map.of(
            "pad_token", "[PAD]",
            "unk_token", "[UNK]",
            "cls_token", "[CLS]",
            "sep_token", "[SEP]",
            "mask_token", "[MASK]");

    private final List<String> tokens;
    private final TokenizerConfig config;
    private final TokenNumbers numbers;

    private WordPieceJson(String name, List<String> tokens, TokenizerConfig config) {
        this.tokens = tokens;
        this.config = config;
        this.numbers = new TokenNumbers(name, tokens, config.added());
    }

    /**
     * Reads a whole file.
     *
     * @param name shown in errors
     * @throws CellFailure with cause YOURS where it is no such vocabulary, or the configuration does not fit it
     */
    static String of(String name, byte[] file, TokenizerConfig config) {
        List<String> tokens = new ArrayList<>(decoded(name, file).lines().toList());
        while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).isEmpty()) {
            tokens.remove(tokens.size() - 1);
        }
        refuseTwice(name, tokens);
        return new WordPieceJson(name, tokens, config).file().json();
    }

    private static String decoded(String name, byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        CharBuffer text = CharBuffer.allocate(file.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true).isError()) {
            long line = 1
                    + IntStream.range(0, bytes.position())
                            .filter(at -> file[at] == '\n')
                            .count();
            throw CellFailure.yours("%s:%s: the line is not written in UTF-8.", name, line);
        }
        return text.flip().toString();
    }

    private static void refuseTwice(String name, List<String> tokens) {
        Map<String, Integer> seen = new HashMap<>();
        for (int line = 1; line <= tokens.size(); line++) {
            Integer before = seen.put(tokens.get(line - 1), line);
            if (before != null) {
                throw CellFailure.yours(
                        "%s:%s: the token \"%s\" stands already in line %s.", name, line, tokens.get(line - 1), before);
            }
        }
    }

    private TokenizerFile file() {
        return new TokenizerFile(
                added(),
                normalizer(),
                TokenizerFile.part("BertPreTokenizer"),
                template(),
                TokenizerFile.part("WordPiece").put("prefix", "##").put("cleanup", true),
                wordPiece());
    }

    private List<AddedToken> added() {
        List<AddedToken> added = new ArrayList<>(numbers.added());
        for (String role : ROLES.keySet()) {
            String token = token(role);
            boolean appended =
                    numbers.added().stream().anyMatch(other -> other.content().equals(token));
            if (numbers.has(token) && !appended) {
                added.add(new AddedToken(numbers.of(token, role), token, true));
            }
        }
        return added;
    }

    private ObjectNode normalizer() {
        ObjectNode normalizer = TokenizerFile.part("BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", config.flag("tokenize_chinese_chars", true))
                .put("lowercase", config.flag("do_lower_case", true));
        Optional<Boolean> accents = config.flag("strip_accents");
        return normalizer.put("strip_accents", accents.orElse(null));
    }

    private Template template() {
        Template.Slot start = slot("cls_token", 0);
        Template.Slot end = slot("sep_token", 0);
        return new Template(
                List.of(start, Template.first(), end),
                List.of(start, Template.first(), end, Template.second(1), slot("sep_token", 1)));
    }

    private Template.Slot slot(String role, int segment) {
        return Template.token(token(role), numbers.of(token(role), role), segment);
    }

    private ObjectNode wordPiece() {
        String unknown = token("unk_token");
        numbers.of(unknown, "unk_token");
        ObjectNode wordPiece = TokenizerFile.part("WordPiece")
                .put("unk_token", unknown)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", LONGEST_WORD);
        ObjectNode vocabulary = wordPiece.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        return wordPiece;
    }

    private String token(String role) {
        return config.token(role, ROLES.get(role));
    }
}
