package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.family.TFloating;

/**
 * OFT: y = x R W, where R turns blocks of what enters: block-diagonal of (I - Q) (I + Q)^-1 with skew Q of {@code
 * block_size}, whose upper triangles train and start at zero. With {@code cayley: neumann} R is the polynomial that PEFT
 * has by default, which turns the other way. W is turned, not x, which costs less.
 */
final class Oft implements Method {
    private static final String EXACT = "exact";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("oft", "OFT")
                .of(Family.REPARAMETERISATION)
                .idea("Small rotations turn what enters some linear maps.")
                .trains("Blocks that turn what enters each map.")
                .cites(
                        "Qiu, Liu, Feng, Xue, Feng, Liu, Zhang, Weller, Schölkopf: Controlling Text-to-Image Diffusion by "
                                + "Orthogonal Finetuning. NeurIPS 2023",
                        "https://arxiv.org/abs/2306.07280")
                .learningRate(new Rates(5e-3, 1e-3, 1e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps, and a matrix of the size of each.")
                .settings(
                        Setting.integer("block_size", 32, 2, 1024, "Width of a block that is turned."),
                        Setting.choice(
                                "cayley",
                                EXACT,
                                List.of(EXACT, "neumann"),
                                "Exact rotations, or polynomials near them as in PEFT."),
                        Targets.setting());
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(
                PeftForm.of("OFT", Oft::fields, Oft::settings).with("oft_r", "oft_R.weight", PeftForm.Turn.SAME));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int size = settings.integer("block_size");
        boolean exact = settings.text("cayley").equals(EXACT);
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (!targets.hold(at)) {
                    return Graft.super.project(pass, at, x, w);
                }
                requireFit("oft", size, at);
                int entries = size * (size - 1) / 2;
                Operand<T> upper = vars.fresh(at, "oft_r", Init.zeros(), at.in() / size, entries);
                Operand<T> skew = skew(pass, upper, size);
                Operand<T> rotations = exact ? Cayley.exact(pass, skew, size) : Cayley.neumann(pass, skew, size);
                return pass.tf().linalg.matMul(x, Cayley.turned(pass, rotations, size, w, at.out()));
            }
        };
    }

    /** Skew matrices [blocks, size, size] of upper triangles [blocks, size (size - 1) / 2], row by row. */
    private static <T extends TFloating> Operand<T> skew(Pass<T> pass, Operand<T> upper, int size) {
        Ops tf = pass.tf();
        int[] places = new int[size * size];
        double[] signs = new double[size * size];
        int next = 0;
        for (int row = 0; row < size; row++) {
            for (int column = row + 1; column < size; column++) {
                places[row * size + column] = next;
                places[column * size + row] = next++;
                signs[row * size + column] = 1;
                signs[column * size + row] = -1;
            }
        }
        Operand<T> all = tf.gather(upper, tf.constant(places), tf.constant(1), new Gather.Options[0]);
        Operand<T> signed = tf.math.mul(all, tf.dtypes.cast(tf.constant(signs), pass.type()));
        return tf.reshape(signed, tf.constant(new int[] {-1, size, size}));
    }

    static void requireFit(String method, int size, Joint at) {
        if (at.in() % size != 0) {
            int fits = size;
            while (at.in() % fits != 0) {
                fits--;
            }
            throw CellFailure.yours(
                    "The block_size (%s) of %s does not divide %s, the width of what enters %s. Maybe block_size: %s.",
                    size, method, at.in(), at, fits);
        }
    }

    private static Map<String, Object> fields(Settings settings) {
        return Map.of(
                "r",
                0,
                "oft_block_size",
                settings.integer("block_size"),
                "use_cayley_neumann",
                !settings.text("cayley").equals(EXACT),
                "num_cayley_neumann_terms",
                5,
                "bias",
                "none");
    }

    private static Map<String, Object> settings(PeftConfig config) {
        config.refuse("bias", "coft", "block_share");
        boolean neumann = !Boolean.FALSE.equals(config.fields().get("use_cayley_neumann"));
        int terms = config.integer("num_cayley_neumann_terms", 5);
        if (neumann && terms != 5) {
            throw CellFailure.yours(
                    "num_cayley_neumann_terms is %s, and Fewtune computes rotations with 5 or exactly. Maybe train it with 5.",
                    terms);
        }
        return Map.of("block_size", config.integer("oft_block_size", 32), "cayley", neumann ? "neumann" : EXACT);
    }
}
