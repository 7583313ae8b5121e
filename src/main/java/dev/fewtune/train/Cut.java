package dev.fewtune.train;

import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.types.family.TFloating;

/**
 * The border between the part of a network that always gives the same for a text and the part that learns.
 *
 * @param places where it runs; empty where nothing below is worth keeping
 * @param saved share of the products of matrices that lie below, in [0, 1), by multiplications for one token
 */
record Cut<T extends TFloating>(List<Place<T>> places, double saved) {
    /**
     * @param print stands for all that the states are made of, but for the numbers of the texts and of the weights
     */
    record Place<T extends TFloating>(Level<T> level, String print) {}

    Cut {
        places = List.copyOf(places);
    }

    static <T extends TFloating> Cut<T> none() {
        return new Cut<>(List.of(), 0);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    @Override
    public String toString() {
        return places.stream().map(place -> place.level().name()).sorted().collect(Collectors.joining(", "));
    }
}
