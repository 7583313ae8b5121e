package dev.fewtune.text;

import java.util.List;

/** Turns texts into token numbers, as the backbone was trained to read them. */
public interface Tokenizer extends AutoCloseable {
    /**
     * Encodes a batch.
     *
     * @param first one text per example
     * @param second the second text per example, or null where the task has one text
     * @param maxLength longest result in tokens, special tokens included; longer text is cut (longest first for pairs)
     */
    List<Tokens> encode(List<String> first, List<String> second, int maxLength);

    @Override
    void close();
}
