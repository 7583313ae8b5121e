package dev.fewtune.backbone;

import dev.fewtune.graft.Layers;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Published networks without their weights: enough to count what trains. */
public enum Geometries {
    /** Both stacks of v1.0. */
    T5_BASE {
        @Override
        public void write(Layers<TFloat32> net, Operand<TInt32> ids, Operand<TFloat32> mask) {
            T5 t5 = new T5(new T5Config(
                    32_128, 768, 64, 3072, 12, 12, 12, 32, 128, Activation.RELU, false, true, true, 1e-6, 0, 1, 0));
            t5.decoded(net, ids, mask, t5.encoded(net, ids, mask));
        }
    },
    /** Without its pooler. */
    BERT_BASE {
        @Override
        public void write(Layers<TFloat32> net, Operand<TInt32> ids, Operand<TFloat32> mask) {
            new Bert(new BertConfig("bert", 30_522, 768, 12, 12, 3072, 512, 2, Activation.GELU, 1e-12, 0))
                    .hidden(net, ids, ids, mask);
        }
    },
    LLAMA_3B {
        @Override
        public void write(Layers<TFloat32> net, Operand<TInt32> ids, Operand<TFloat32> mask) {
            Rope rope = new Rope(5e5, new Rope.Plain());
            new Llama(new LlamaConfig(
                            "llama",
                            128_256,
                            3072,
                            28,
                            24,
                            8,
                            128,
                            8192,
                            131_072,
                            rope,
                            1e-5,
                            true,
                            false,
                            false,
                            0,
                            List.of(1),
                            0))
                    .hidden(net, ids, ids, mask);
        }
    };

    /** Both passes of a training ask for the same variables, so one is enough. */
    public abstract void write(Layers<TFloat32> net, Operand<TInt32> ids, Operand<TFloat32> mask);
}
