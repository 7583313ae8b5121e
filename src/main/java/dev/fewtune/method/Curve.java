package dev.fewtune.method;

import dev.fewtune.graft.Pass;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** Curves in the middle of adapters. */
enum Curve {
    RELU {
        @Override
        <T extends TFloating> Operand<T> of(Pass<T> pass, Operand<T> x) {
            return pass.tf().nn.relu(x);
        }
    },
    GELU {
        @Override
        <T extends TFloating> Operand<T> of(Pass<T> pass, Operand<T> x) {
            return pass.gelu(x);
        }
    },
    GELU_TANH {
        @Override
        <T extends TFloating> Operand<T> of(Pass<T> pass, Operand<T> x) {
            return pass.geluTanh(x);
        }
    };

    abstract <T extends TFloating> Operand<T> of(Pass<T> pass, Operand<T> x);
}
