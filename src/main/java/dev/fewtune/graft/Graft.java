package dev.fewtune.graft;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** What a method does at the joints of a backbone. Every joint passes through unchanged unless overridden. */
public interface Graft<T extends TNumber> {
    /**
     * A linear map, before its bias.
     *
     * @param x [N, in], N = batch times tokens
     * @param w [in, out]
     * @return [N, out]
     */
    default Operand<T> project(Ops tf, Joint at, Operand<T> x, Operand<T> w) {
        return tf.linalg.matMul(x, w);
    }

    /**
     * A sub-layer's output after dropout, before the residual and the norm. Asked at ATTENTION_OUT and FFN_OUT.
     *
     * @param in [N, d], what the sub-layer read
     * @param out [N, d]
     * @return [N, d]
     */
    default Operand<T> block(Ops tf, Joint at, Operand<T> in, Operand<T> out) {
        return out;
    }

    /** Keys and values of an attention. */
    default KeyValue<T> keyValue(Ops tf, Joint at, KeyValue<T> pair) {
        return pair;
    }

    /** Word vectors before positions are added. */
    default Rows<T> embed(Ops tf, Joint at, Rows<T> rows) {
        return rows;
    }

    /** Whether a pretrained tensor trains, and how it counts. */
    default Share trains(Joint at, Kind kind) {
        return Share.FROZEN;
    }
}
