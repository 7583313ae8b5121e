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
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.family.TFloating;

/**
 * BOFT: y = s * (x R W), where R is the product of {@code factors} butterflies P_i D_i P_i^T: D_i block-diagonal of (I -
 * Q) (I + Q)^-1 with Q = (X - X^T) / 2 and trained X of {@code block_size}, zero at first; P_i mixes half blocks over
 * groups of 2^i blocks; s [out] starts at one. With one factor it is {@link Oft} with s. As in PEFT, which has more than
 * one factor only where its CUDA extension is.
 */
final class Boft implements Method {
    @Override
    public MethodSpec spec() {
        return MethodSpec.named("boft", "BOFT")
                .of(Family.REPARAMETERISATION)
                .idea("Butterflies of small rotations turn what enters some linear maps.")
                .trains("Blocks that turn what enters each map, and a stretch of each output.")
                .cites(
                        "Liu, Qiu, Feng, Xiu, Xue, Yu, Feng, Liu, Heo, Peng, Wen, Black, Weller, Schölkopf: "
                                + "Parameter-Efficient Orthogonal Finetuning via Butterfly Factorization. ICLR 2024",
                        "https://arxiv.org/abs/2311.06243")
                .learningRate(new Rates(5e-3, 1e-3, 1e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps, and a matrix of the size of each per factor.")
                .settings(
                        Setting.integer("block_size", 4, 2, 1024, "Width of a block that is turned."),
                        Setting.integer("factors", 1, 1, 16, "Butterflies, each over groups of twice as many blocks."),
                        Targets.setting());
    }

    @Override
    public Optional<PeftForm> peft() {
        return Optional.of(PeftForm.of("BOFT", Boft::fields, Boft::settings)
                .with("boft_r", "boft_R", PeftForm.Turn.SAME)
                .with("boft_s", "boft_s", PeftForm.Turn.COLUMN));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        int size = settings.integer("block_size");
        int factors = settings.integer("factors");
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                if (!targets.hold(at)) {
                    return Graft.super.project(pass, at, x, w);
                }
                Oft.requireFit("boft", size, at);
                requireGroups(size, factors, at);
                Ops tf = pass.tf();
                int blocks = at.in() / size;
                Operand<T> rotations =
                        rotations(pass, vars.fresh(at, "boft_r", Init.zeros(), factors, blocks, size, size), size);
                Operand<T> turned = w;
                for (int factor = 0; factor < factors; factor++) {
                    Operand<T> own =
                            tf.slice(rotations, tf.constant(new int[] {factor * blocks, 0, 0}), tf.constant(new int[] {
                                blocks, size, size
                            }));
                    turned = butterfly(pass, own, size, factor, turned, at);
                }
                Operand<T> stretch = vars.fresh(at, "boft_s", Init.constant(1), at.out());
                return tf.math.mul(pass.matMul(x, turned), stretch);
            }
        };
    }

    /** Of all factors, [factors * blocks, size, size]. */
    private static <T extends TFloating> Operand<T> rotations(Pass<T> pass, Operand<T> free, int size) {
        Ops tf = pass.tf();
        Operand<T> flat = tf.reshape(free, tf.constant(new int[] {-1, size, size}));
        Operand<T> mirrored = tf.linalg.transpose(flat, tf.constant(new int[] {0, 2, 1}));
        return Cayley.exact(pass, tf.math.mul(tf.math.sub(flat, mirrored), pass.number(0.5)), size);
    }

    /** P D P^T w; the first factor has nothing to mix. */
    private static <T extends TFloating> Operand<T> butterfly(
            Pass<T> pass, Operand<T> rotations, int size, int factor, Operand<T> w, Joint at) {
        if (factor == 0) {
            return Cayley.turned(pass, rotations, size, w, at.out());
        }
        int[] order = order(at.in(), size, factor);
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        return rows(pass, Cayley.turned(pass, rotations, size, rows(pass, w, back), at.out()), order);
    }

    /** Within each group, half blocks at even places first, then those at odd ones. */
    private static int[] order(int width, int size, int factor) {
        int half = size / 2;
        int group = size << factor;
        int halves = group / half;
        int[] order = new int[width];
        for (int i = 0; i < width; i++) {
            int place = i % group / half;
            int from = place < halves / 2 ? 2 * place : 2 * (place - halves / 2) + 1;
            order[i] = i / group * group + from * half + i % half;
        }
        return order;
    }

    private static <T extends TFloating> Operand<T> rows(Pass<T> pass, Operand<T> w, int[] order) {
        return pass.tf().gather(w, pass.tf().constant(order), pass.tf().constant(0), new Gather.Options[0]);
    }

    private static void requireGroups(int size, int factors, Joint at) {
        if (factors > 1 && (size % 2 != 0 || at.in() % ((long) size << (factors - 1)) != 0)) {
            throw CellFailure.yours(
                    "The factors (%s) of boft need an even block_size (%s) and a width that it divides after %s "
                            + "doublings; %s is entered by %s. Maybe factors: 1.",
                    factors, size, factors - 1, at, at.in());
        }
    }

    private static Map<String, Object> fields(Settings settings) {
        return Map.of(
                "boft_block_size",
                settings.integer("block_size"),
                "boft_block_num",
                0,
                "boft_n_butterfly_factor",
                settings.integer("factors"),
                "boft_dropout",
                0.0,
                "bias",
                "none");
    }

    private static Map<String, Object> settings(PeftConfig config) {
        config.refuse("bias");
        return Map.of(
                "block_size", config.integer("boft_block_size", 4),
                "factors", config.integer("boft_n_butterfly_factor", 1));
    }
}
