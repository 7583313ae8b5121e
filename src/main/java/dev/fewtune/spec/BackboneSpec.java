package dev.fewtune.spec;

/**
 * What is known about a pretrained model before its weights are read.
 *
 * @param name the identifier in YAML, such as {@code minilm-l6}
 * @param family such as {@code bert}
 * @param parameters number of pretrained weights that the graph uses
 * @param maxLength longest input in tokens, special tokens included
 * @param hidden width of a hidden state
 * @param vocabulary rows of the token table
 * @param causal whether a token sees only those before it, so that the last one alone has seen the whole text
 * @param absent why it cannot be used in this build, with a way out; empty where it can
 */
public record BackboneSpec(
        String name,
        String title,
        String family,
        String source,
        String licence,
        long parameters,
        int maxLength,
        int hidden,
        int vocabulary,
        boolean causal,
        String absent) {
    /** The family of encoders with a decoder. */
    private static final String ENCODER_DECODER = "t5";

    /** Whether it can write texts. */
    public boolean writes() {
        return causal || readsThenWrites();
    }

    /** Whether it was pretrained to write an answer to each text that it reads. */
    public boolean readsThenWrites() {
        return family.equals(ENCODER_DECODER);
    }
}
