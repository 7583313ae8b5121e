package dev.fewtune.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A Hugging Face tokenizer.json, carried out by the tokenizers library through DJL. */
public final class JsonTokenizer implements Tokenizer {
    private static final int BATCH = 1000;
    private final String json;

    /** @param json text of a tokenizer.json; its own padding and truncation are not used */
    public JsonTokenizer(String json) {
        this.json = json;
    }

    @Override
    public List<Tokens> encode(List<String> first, List<String> second, int maxLength) {
        try (HuggingFaceTokenizer tokenizer = open(maxLength)) {
            List<Tokens> all = new ArrayList<>();
            for (int from = 0; from < first.size(); from += BATCH) {
                int to = Math.min(from + BATCH, first.size());
                List<String> left = first.subList(from, to);
                for (Encoding encoding : batch(tokenizer, left, second == null ? null : second.subList(from, to))) {
                    all.add(tokens(encoding));
                }
            }
            return all;
        }
    }

    @Override
    public void close() {
        // The native tokenizer lives no longer than one call.
    }

    private HuggingFaceTokenizer open(int maxLength) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                    Map.of(
                            "padding",
                            "false",
                            "truncation",
                            "longest_first",
                            "maxLength",
                            String.valueOf(maxLength),
                            "modelMaxLength",
                            String.valueOf(maxLength)));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "The tokenizer.json cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static Encoding[] batch(HuggingFaceTokenizer tokenizer, List<String> first, List<String> second) {
        if (second == null) {
            return tokenizer.batchEncode(first, true, true);
        }
        PairList<String, String> pairs = new PairList<>(first, second);
        return tokenizer.batchEncode(pairs, true, true);
    }

    private static Tokens tokens(Encoding encoding) {
        return new Tokens(
                narrow(encoding.getIds()), narrow(encoding.getTypeIds()), encoding.getOverflowing().length > 0);
    }

    private static int[] narrow(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }
}
