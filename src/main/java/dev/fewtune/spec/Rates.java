package dev.fewtune.spec;

/**
 * Learning rates of a method by kind of backbone.
 *
 * @param encoder for networks of one stack that sees the whole text, as BERT
 * @param decoder for networks of one stack that sees what stands before, as Llama
 * @param encoderDecoder for networks of two stacks, as T5
 */
public record Rates(double encoder, double decoder, double encoderDecoder) {
    public Rates {
        if (!(encoder > 0 && decoder > 0 && encoderDecoder > 0)) {
            throw new IllegalArgumentException(
                    "The learning rates (%s, %s, %s) must be above 0.".formatted(encoder, decoder, encoderDecoder));
        }
    }

    public static Rates all(double rate) {
        return new Rates(rate, rate, rate);
    }

    public double of(BackboneSpec backbone) {
        if (backbone.causal()) {
            return decoder;
        }
        return backbone.family().equals("t5") ? encoderDecoder : encoder;
    }
}
