package dev.fewtune.graft;

import java.util.List;
import org.tensorflow.types.family.TFloating;

/**
 * One part of a training. Each part is as long as a training that has no parts, and goes on from the best epoch of the
 * part before it.
 *
 * @param first what is found out before it, in this order
 * @param anew whether all that trains begins again at its first values; what the method itself has set stays
 */
public record Phase<T extends TFloating>(List<Probe<T>> first, boolean anew) {
    public Phase {
        first = List.copyOf(first);
    }

    /** One that begins as trainings do. */
    public static <T extends TFloating> Phase<T> plain() {
        return new Phase<>(List.of(), false);
    }
}
