package dev.fewtune.text;

import java.util.List;
import java.util.OptionalInt;

/** Turns texts into token numbers, as the backbone was trained to read them, and back. */
public interface Tokenizer extends AutoCloseable {
    /**
     * Encodes a batch.
     *
     * @param first one text per example
     * @param second the second text per example, or null where the task has one text
     * @param maxLength longest result in tokens, special tokens included; longer text is cut (longest first for pairs)
     */
    List<Tokens> encode(List<String> first, List<String> second, int maxLength);

    /** The tokens of a text by itself, without special tokens before or behind it. */
    int[] bare(String text);

    /**
     * The text of a sequence of tokens. It need not be the text that was encoded: normalization is not undone.
     *
     * @param ids token numbers; those without a token are left out
     * @param skipSpecial whether tokens that have a meaning and no text (begin, end, padding, sentinels) are left out
     */
    String decode(int[] ids, boolean skipSpecial);

    /** One more than the highest token number: the rows that an embedding needs at least. */
    int vocabularySize();

    /** The number of a token as it stands in the vocabulary ({@code ▁the}, {@code </s>}), empty where there is none. */
    OptionalInt tokenId(String token);

    @Override
    void close();
}
