package dev.fewtune.method;

import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Site;
import java.util.EnumSet;
import java.util.Set;

/** Layer norms as something that trains. */
final class Norms {
    private static final Set<Site> OF_BLOCKS =
            EnumSet.of(Site.ATTENTION_NORM, Site.CROSS_ATTENTION_NORM, Site.OUTPUT_NORM, Site.FINAL_NORM);

    private Norms() {}

    /** Those of the layers, and the last one of a stack. */
    static boolean ofBlocks(Joint at) {
        return OF_BLOCKS.contains(at.site());
    }

    /** That of the embeddings, too; not that of a masked-language head. */
    static boolean all(Joint at) {
        return ofBlocks(at) || at.site() == Site.EMBEDDING_NORM;
    }
}
