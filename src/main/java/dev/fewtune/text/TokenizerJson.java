package dev.fewtune.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer that a {@code tokenizer.json} of the Hugging Face tokenizers library describes. Padding and truncation
 * settings of the file are not used: nothing is padded, and the length is the caller's. Safe for many threads.
 */
public final class TokenizerJson implements Tokenizer {
    /** Room for the special tokens of a pair and at least one token of each text. */
    private static final int SHORTEST = 8;
    /** Bounds the native memory of one call. */
    private static final int BATCH = 1024;

    private final String name;
    private final byte[] json;
    /** By maximum length, because the native tokenizer keeps the length as a setting. */
    private final Map<Integer, HuggingFaceTokenizer> byLength = new HashMap<>();

    private boolean closed;

    private TokenizerJson(String name, byte[] json) {
        this.name = name;
        this.json = json;
    }

    /**
     * Reads a file.
     *
     * @throws IOException where the file cannot be read or is no tokenizer
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
     * @throws IOException where the stream cannot be read or is no tokenizer
     */
    public static TokenizerJson read(String name, InputStream in) throws IOException {
        TokenizerJson tokenizer = new TokenizerJson(name, in.readAllBytes());
        tokenizer.open(SHORTEST).close();
        return tokenizer;
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
        return byLength.computeIfAbsent(maxLength, length -> {
            try {
                return open(length);
            } catch (IOException e) {
                throw new IllegalStateException("%s was readable before and is not now.".formatted(name), e);
            }
        });
    }

    private HuggingFaceTokenizer open(int maxLength) throws IOException {
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "padding", "false",
                "maxLength", String.valueOf(maxLength),
                "modelMaxLength", String.valueOf(maxLength));
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (RuntimeException e) {
            throw new IOException("%s is not a tokenizer.json: %s".formatted(name, e.getMessage()), e);
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
