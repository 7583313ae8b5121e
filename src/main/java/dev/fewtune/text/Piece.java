package dev.fewtune.text;

/**
 * One entry of a sentencepiece vocabulary.
 *
 * @param text what it stands for, with ▁ (U+2581) for a space
 * @param score Unigram: logarithm of its probability; BPE: the higher, the earlier it is merged
 */
record Piece(String text, float score, Type type) {
    /** The values of {@code ModelProto.SentencePiece.Type}. */
    enum Type {
        NORMAL(1),
        /** Stands for all text that has no piece. */
        UNKNOWN(2),
        /** Has a meaning and no text: begin, end, padding. */
        CONTROL(3),
        /** Found in a text before anything else is. */
        USER_DEFINED(4),
        UNUSED(5),
        /** One byte of UTF-8, written {@code <0x41>}. */
        BYTE(6);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** @throws IllegalArgumentException where no type has the number */
        static Type of(int number) {
            for (Type type : values()) {
                if (type.number == number) {
                    return type;
                }
            }
            throw new IllegalArgumentException("There is no type of pieces with the number %s.".formatted(number));
        }
    }
}
