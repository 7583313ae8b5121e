package dev.fewtune.method;

import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * The product of two thin matrices beside a linear map, which LoRA and its relatives have in common.
 *
 * @param method whose name an error says
 * @param dropout on what enters the product
 */
record LowRank(String method, int rank, double dropout) {
    /** @param scaled what alpha does */
    static List<Setting> settings(double alpha, String scaled, Setting... more) {
        List<Setting> settings = new ArrayList<>(List.of(
                rankSetting(),
                Setting.number("alpha", alpha, 0.001, 100_000, scaled),
                Setting.number("dropout", 0.0, 0, 0.99, "Dropout on what enters the update."),
                Targets.setting()));
        settings.addAll(List.of(more));
        return settings;
    }

    static Setting rankSetting() {
        return Setting.integer("rank", 8, 1, 1024, "Rank of the update of each matrix.");
    }

    static LowRank of(String method, Settings settings) {
        return new LowRank(method, settings.integer("rank"), settings.number("dropout"));
    }

    /**
     * Two matrices of one map.
     *
     * @param a [in, rank]
     * @param b [rank, out]
     */
    record Pair<T extends TFloating>(Operand<T> a, Operand<T> b) {
        /** [in, out] */
        Operand<T> product(Pass<T> pass) {
            return pass.tf().linalg.matMul(a, b);
        }

        /** [tokens, in] to [tokens, out] */
        Operand<T> of(Pass<T> pass, Operand<T> x) {
            return pass.tf().linalg.matMul(pass.tf().linalg.matMul(x, a), b);
        }
    }

    /** A is uniform in ±1/sqrt(in), B is zero. */
    <T extends TFloating> Pair<T> pair(Vars<T> vars, Joint at) {
        return pair(vars, at, 1);
    }

    /** @param rateOfB multiplies the learning rate of B */
    <T extends TFloating> Pair<T> pair(Vars<T> vars, Joint at, double rateOfB) {
        requireFit(method, rank, at);
        return new Pair<>(
                vars.fresh(at, "lora_a", Init.uniform(1 / Math.sqrt(at.in())), at.in(), rank),
                vars.fresh(at + ".lora_b", Share.METHOD, rateOfB, Init.zeros(), rank, at.out()));
    }

    /** x W + scale (drop(x) A) B. */
    <T extends TFloating> Operand<T> updated(Pass<T> pass, Operand<T> x, Operand<T> w, Pair<T> pair, double scale) {
        return pass.tf().math.add(pass.matMul(x, w), change(pass, x, pair, scale));
    }

    /** scale (drop(x) A) B. */
    <T extends TFloating> Operand<T> change(Pass<T> pass, Operand<T> x, Pair<T> pair, double scale) {
        Operand<T> low = pass.matMul(pass.dropout(x, dropout), pair.a());
        return pass.matMul(pass.tf().math.mul(low, pass.number(scale)), pair.b());
    }

    static void requireFit(String method, int rank, Joint at) {
        if (rank > Math.min(at.in(), at.out())) {
            throw CellFailure.yours(
                    "The rank (%s) of %s is larger than the matrix %s, which is %s x %s. Maybe rank: %s.",
                    rank, method, at, at.in(), at.out(), Math.min(8, Math.min(at.in(), at.out())));
        }
    }
}
