package dev.fewtune.graft;

import java.util.Locale;

/**
 * One place in one network, such as {@code encoder.3.query}.
 *
 * @param stack such as encoder
 * @param layer from 0; -1 for places outside the layers
 * @param in width of what comes in
 * @param out width of what goes out
 */
public record Joint(String stack, int layer, Site site, int in, int out) {
    /** Unique in the network, and legal as a name in TensorFlow and in safetensors. */
    public String name() {
        String place = site.name().toLowerCase(Locale.ROOT);
        return layer < 0 ? stack + "." + place : stack + "." + layer + "." + place;
    }

    public String tensor(Kind kind) {
        return name() + "." + kind.label();
    }
}
