package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Ladder;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import dev.fewtune.graft.Weights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * With H_i the output of the backbone's layer i, and H of its first input: s = H F + f; for each layer that has one beside
 * it g = sigmoid(a_i / temperature), s = layer_i(g s + (1 - g) (H_i R_i + r_i)); the states are norm(s) U + u. A second
 * stack looks at norm(s) of the first in the place of its states. F, R_i and U from N(0, 0.01²), a_i zero; layers
 * hold what is left of the backbone's own, see {@link Surviving}, or matrices from N(0, 1/inputs); the table of relative
 * positions is that of the backbone. Nothing of it goes back into the backbone.
 */
final class SideNetwork<T extends TFloating> implements Graft<T> {
    private static final Init START = Init.normal(0.01);

    private final Vars<T> vars;
    private final int reduction;
    private final int skip;
    private final double temperature;
    private final Map<String, Ladder.Narrow<T>> layers = new HashMap<>();
    private final Map<String, Operand<T>> states = new HashMap<>();
    private final boolean pruned;
    private final Map<String, Joint> narrow = new LinkedHashMap<>();
    private final Map<String, Joint> tables = new LinkedHashMap<>();
    private Surviving surviving;

    /** @param pruned whether layers start with what is left of the backbone's own */
    SideNetwork(Vars<T> vars, int reduction, int skip, double temperature, boolean pruned) {
        this.vars = vars;
        this.reduction = reduction;
        this.skip = skip;
        this.temperature = temperature;
        this.pruned = pruned;
    }

    @Override
    public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
        tables.putIfAbsent(at.stack(), tokens.table());
        return tokens;
    }

    @Override
    public void begin(Pass<T> pass, Ladder<T> ladder) {
        String stack = ladder.at().stack();
        Operand<T> read = ladder.reads() == null ? null : normed(ladder.reads());
        Ladder.Narrow<T> narrow = ladder.narrowing().of(reduction, this::tensor, read);
        layers.put(stack, narrow);
        states.put(stack, down(pass, ladder.at(), "side_first", ladder.in(), narrow.width()));
    }

    @Override
    public void tap(Pass<T> pass, Joint at, Operand<T> out) {
        if (skip > 1 && at.layer() % skip == 0) {
            return;
        }
        Ladder.Narrow<T> narrow = layers.get(at.stack());
        Operand<T> number = vars.fresh(at, "side_gate", Init.zeros(), 1);
        Operand<T> gate = pass.tf().math.sigmoid(pass.tf().math.mul(number, pass.number(1 / temperature)));
        Operand<T> other = down(pass, at, "side_down", out, narrow.width());
        // g s + (1 - g) o = o + g (s - o)
        Operand<T> apart = pass.tf().math.sub(states.get(at.stack()), other);
        Operand<T> mixed = pass.tf().math.add(other, pass.tf().math.mul(gate, apart));
        states.put(at.stack(), narrow.layer().apply(at.layer()).apply(mixed));
    }

    @Override
    public Operand<T> finish(Pass<T> pass, Joint at, Operand<T> given) {
        int width = layers.get(at.stack()).width();
        Operand<T> up = vars.fresh(at, "side_up", START, width, at.out());
        Operand<T> rows = pass.tf()
                .math
                .add(pass.matMul(normed(at.stack()), up), vars.fresh(at, "side_up_bias", Init.zeros(), at.out()));
        return pass.tf().reshape(rows, pass.tf().shape(given));
    }

    private Operand<T> normed(String stack) {
        return layers.get(stack).norm().apply(states.get(stack));
    }

    /** Reads the backbone, and lets no gradient back. */
    private Operand<T> down(Pass<T> pass, Joint at, String name, Operand<T> x, int width) {
        Operand<T> held = pass.tf().stopGradient(x);
        Operand<T> w = vars.fresh(at, name, START, at.out(), width);
        return pass.tf().math.add(pass.matMul(held, w), vars.fresh(at, name + "_bias", Init.zeros(), width));
    }

    private Operand<T> tensor(Joint at, Kind kind, long... shape) {
        narrow.putIfAbsent(at.stack() + "." + at.site().label(), at);
        return vars.fresh("side." + at.tensor(kind), Share.METHOD, 1, start(at, kind), shape);
    }

    private Init start(Joint at, Kind kind) {
        if (at.site() == Site.RELATIVE_BIAS) {
            return (shape, random, weights) -> weights.values(at.tensor(kind));
        }
        if (pruned) {
            return (shape, random, weights) -> surviving(weights).of(at, kind);
        }
        return switch (kind) {
            case WEIGHT -> Init.normal(1 / Math.sqrt(at.in()));
            case BIAS -> Init.zeros();
            case SCALE -> Init.constant(1);
        };
    }

    /** Found once, when the first variable gets its value. */
    private synchronized Surviving surviving(Weights weights) {
        if (surviving == null) {
            surviving = new Surviving(weights, narrow, tables);
        }
        return surviving;
    }
}
