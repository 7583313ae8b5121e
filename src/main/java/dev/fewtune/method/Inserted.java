package dev.fewtune.method;

import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Kind;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Vars;
import java.util.EnumSet;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Adapters after sub-layers: out + adapter(out).
 *
 * @param sites the blocks that get one
 * @param from the first layer that gets one
 * @param norms whether the layer norms of these layers, and the last one of each stack, train too
 */
record Inserted<T extends TFloating>(Vars<T> vars, Adapter adapter, Set<Site> sites, int from, boolean norms)
        implements Graft<T> {
    /** In T5's decoder, too, adapters stand after these only, as in the code of Compacter and HyperFormer. */
    static final Set<Site> BOTH = EnumSet.of(Site.ATTENTION, Site.FEED_FORWARD);

    static final Set<Site> FEED_FORWARD = EnumSet.of(Site.FEED_FORWARD);

    @Override
    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
        return sites.contains(at.site()) && at.layer() >= from
                ? pass.tf().math.add(out, adapter.of(vars, pass, at, out))
                : out;
    }

    @Override
    public Share trains(Joint at, Kind kind) {
        boolean above = at.layer() >= from || at.site() == Site.FINAL_NORM;
        return norms && above && Norms.ofBlocks(at) ? Share.NORMS : Share.FROZEN;
    }
}
