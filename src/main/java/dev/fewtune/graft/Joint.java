package dev.fewtune.graft;

/**
 * One site of one layer of one stack; prints as {@code encoder.3.query}.
 *
 * @param stack such as encoder
 * @param layer from 0; -1 for what a stack has once
 * @param in width of what enters; number of rows for a table
 * @param out width of what leaves
 */
public record Joint(String stack, int layer, Site site, int in, int out) {
    /** The name of a pretrained tensor at this joint, such as {@code encoder.3.query.weight}. */
    public String tensor(Kind kind) {
        return this + "." + kind.label();
    }

    @Override
    public String toString() {
        return layer < 0 ? stack + "." + site.label() : stack + "." + layer + "." + site.label();
    }
}
