package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * KronA, in three forms. {@code krona}: y = x W + scale x (A ⊗ B) at some linear maps. {@code krona-b}: the same product
 * beside each whole feed-forward sub-layer, from what enters it (in networks that norm first, after the norm, which is our
 * reading). {@code krona-b-res}: and r x with a trained number r. A is [rows, columns], by default the most even factors,
 * as 24 x 32 for 768; B has what is left. There is no official code, and the paper was read at second hand: that A is
 * uniform in ±1/sqrt(rows) and B zero, and that r starts at zero, is our choice, and so are rates and scale.
 */
final class Krona implements Method {
    private static final String MAPS = "krona";
    private static final String RESIDUAL = "krona-b-res";

    @Override
    public MethodSpec spec() {
        return MethodSpec.named("krona", "KronA")
                .of(Family.REPARAMETERISATION)
                .idea("A Kronecker product of two small matrices is added to linear maps or beside feed-forward ones.")
                .trains("Two small matrices at each map or beside each feed-forward sub-layer.")
                .cites(
                        "Edalati, Tahaei, Kobyzev, Partovi Nia, Clark, Rezagholizadeh: KronA: Parameter Efficient Tuning "
                                + "with Kronecker Adapter. 2022",
                        "https://arxiv.org/abs/2212.10650")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(5e-3, 1e-3, 2e-3))
                .startsAtBase()
                .folds(Fold.MERGES)
                .memory("Few moments; inputs of the updated maps.")
                .settings(
                        Setting.choice(
                                "form",
                                MAPS,
                                List.of(MAPS, "krona-b", RESIDUAL),
                                "At linear maps (only this form merges), or beside feed-forward sub-layers."),
                        Setting.number("scale", 1.0, 0.001, 1000, "Multiplies the product."),
                        Setting.integer("rows", 0, 0, 65_536, "Rows of the first matrix; 0 for even factors."),
                        Setting.integer("columns", 0, 0, 65_536, "Columns of the first matrix; 0 for even factors."),
                        Targets.setting("targets", Targets.QUERIES_AND_VALUES, "The linear maps of the form krona.")
                                .onlyWith("form", MAPS));
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        String form = settings.text("form");
        double scale = settings.number("scale");
        Targets targets = Targets.of(settings);
        return new Graft<>() {
            @Override
            public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
                Operand<T> y = Graft.super.project(pass, at, x, w);
                return form.equals(MAPS) && targets.hold(at) ? pass.tf().math.add(y, product(pass, at, x)) : y;
            }

            @Override
            public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
                if (form.equals(MAPS) || at.site() != Site.FEED_FORWARD) {
                    return out;
                }
                Operand<T> beside = pass.tf().math.add(out, product(pass, at, in));
                if (!form.equals(RESIDUAL)) {
                    return beside;
                }
                Operand<T> share = vars.fresh(at, "krona_residual", Init.zeros(), 1);
                return pass.tf().math.add(beside, pass.tf().math.mul(in, share));
            }

            private Operand<T> product(Pass<T> pass, Joint at, Operand<T> x) {
                Factors in = factors(settings, "rows", at, at.in());
                Factors out = factors(settings, "columns", at, at.out());
                Init start = Init.uniform(1 / Math.sqrt(in.first()));
                Operand<T> a = vars.fresh(at, "krona_a", start, in.first(), out.first());
                Operand<T> b = vars.fresh(at, "krona_b", Init.zeros(), in.second(), out.second());
                Operand<T> update = Kronecker.times(pass, x, a, b, in, out);
                return scale == 1 ? update : pass.tf().math.mul(update, pass.number(scale));
            }
        };
    }

    private static Factors factors(Settings settings, String name, Joint at, int width) {
        int wanted = settings.integer(name);
        if (wanted == 0) {
            Factors even = Factors.square(width);
            return name.equals("rows") ? even : new Factors(even.second(), even.first());
        }
        if (width % wanted != 0) {
            throw CellFailure.yours(
                    "The %s (%s) of krona do not divide %s, a width of %s. Maybe %s: 0 for the most even factors.",
                    name, wanted, width, at, name);
        }
        return new Factors(wanted, width / wanted);
    }
}
