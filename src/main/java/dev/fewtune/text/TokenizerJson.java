package dev.fewtune.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokenizer that a {@code tokenizer.json} of the Hugging Face tokenizers library describes. Padding and truncation
 * settings of the file are not used: nothing is padded, and the length is the caller's. Safe for many threads.
 */
public final class TokenizerJson implements Tokenizer {
    /** Room for the special tokens of a pair and at least one token of each text. */
    private static final int SHORTEST = 8;
    /** Longer than any text. */
    private static final int UNLIMITED = 1 << 24;

    /** Bounds the native memory of one call. */
    private static final int BATCH = 1024;

    private final String name;
    private final byte[] json;
    /** By maximum length, because the native tokenizer keeps the length as a setting. */
    private final Map<Integer, HuggingFaceTokenizer> byLength = new HashMap<>();

    private Vocabulary vocabulary;
    private boolean closed;

    private TokenizerJson(String name, byte[] json) {
        this.name = name;
        this.json = json;
    }

    /**
     * Reads a file.
     *
     * @throws IOException where the file cannot be read
     * @throws CellFailure with cause YOURS where it is no tokenizer
     */
    public static TokenizerJson read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        }
    }

    /**
     * Reads a stream to its end; the caller closes it.
     *
     * @param name shown in errors
     * @throws IOException where the stream cannot be read
     * @throws CellFailure with cause YOURS where it is no tokenizer
     */
    public static TokenizerJson read(String name, InputStream in) throws IOException {
        TokenizerJson tokenizer = new TokenizerJson(name, in.readAllBytes());
        tokenizer.open(SHORTEST).close();
        return tokenizer;
    }

    /** The tokenizer of a text; failures as above. */
    static TokenizerJson read(String name, String json) throws IOException {
        return read(name, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public List<Tokens> encode(List<String> first, List<String> second, int maxLength) {
        if (second != null && first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "There are %s first texts and %s second texts.".formatted(first.size(), second.size()));
        }
        HuggingFaceTokenizer tokenizer = ofLength(maxLength);
        List<Tokens> all = new ArrayList<>(first.size());
        for (int from = 0; from < first.size(); from += BATCH) {
            int to = Math.min(first.size(), from + BATCH);
            for (Encoding encoding : encodeBatch(tokenizer, first, second, from, to)) {
                all.add(new Tokens(
                        toInts(encoding.getIds()), toInts(encoding.getTypeIds()), encoding.exceedMaxLength()));
            }
        }
        return all;
    }

    @Override
    public int[] bare(String text) {
        return toInts(ofLength(UNLIMITED).encode(text, false, false).getIds());
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        return any().decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecial);
    }

    @Override
    public int vocabularySize() {
        return vocabulary().size();
    }

    @Override
    public OptionalInt tokenId(String token) {
        return vocabulary().number(token);
    }

    /** Frees the native memory. Must not be called while another thread encodes. */
    @Override
    public synchronized void close() {
        closed = true;
        byLength.values().forEach(HuggingFaceTokenizer::close);
        byLength.clear();
    }

    private synchronized HuggingFaceTokenizer ofLength(int maxLength) {
        if (closed) {
            throw new IllegalStateException("The tokenizer %s is closed.".formatted(name));
        }
        if (maxLength < SHORTEST) {
            throw new IllegalArgumentException(
                    "The maximum length (%s) must be at least %s tokens.".formatted(maxLength, SHORTEST));
        }
        return byLength.computeIfAbsent(maxLength, this::open);
    }

    /** One that is there already if possible: the length matters to encoding only. */
    private synchronized HuggingFaceTokenizer any() {
        return byLength.values().stream().findAny().orElseGet(() -> ofLength(SHORTEST));
    }

    /** Read when first asked for: encoding does not need it. */
    private synchronized Vocabulary vocabulary() {
        if (vocabulary == null) {
            try {
                vocabulary = Vocabulary.of(json);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return vocabulary;
    }

    private HuggingFaceTokenizer open(int maxLength) {
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "padding", "false",
                "maxLength", String.valueOf(maxLength),
                "modelMaxLength", String.valueOf(maxLength));
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (RuntimeException | IOException refused) {
            throw new CellFailure(
                    Cause.YOURS, "%s is not a tokenizer.json: %s".formatted(name, refused.getMessage()), refused);
        }
    }

    private static Encoding[] encodeBatch(
            HuggingFaceTokenizer tokenizer, List<String> first, List<String> second, int from, int to) {
        if (second == null) {
            return tokenizer.batchEncode(first.subList(from, to));
        }
        return tokenizer.batchEncode(new PairList<>(first.subList(from, to), second.subList(from, to)));
    }

    private static int[] toInts(long[] values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            ints[i] = Math.toIntExact(values[i]);
        }
        return ints;
    }
}
