package dev.fewtune.task;

import java.util.List;

/** A data set with a question. Splits are read only when they are asked for. */
public interface Task {
    String name();

    /** Where the data are from, for people. */
    String source();

    /** Such as accuracy. */
    String metric();

    boolean regression();

    /** Whether the label is a text that is to be written. */
    default boolean texts() {
        return false;
    }

    /** Class names in the order of their numbers; empty for a regression and for texts. */
    List<String> labels();

    /** How its examples may be put into words. */
    Wording wording();

    /**
     * SHA-256 of what decides train and validation: their source and the version of the code that makes them. Test is
     * not read.
     */
    String identity();

    /** How validation came to be and other things that a board must tell; empty where there is nothing to tell. */
    List<String> notes();

    /**
     * All examples of a split, in a fixed order.
     *
     * @param split train, validation or test
     * @throws dev.fewtune.spec.CellFailure with cause YOURS, naming file and line, for bad data
     */
    List<Example> examples(String split);

    /**
     * A fixed sample: all where {@code max} is 0 or at least the size, else the {@code max} examples with the smallest
     * keyed hash of their id, in the order of that hash; the same for every method and seed.
     */
    default List<Example> sample(String split, int max, long dataSeed) {
        return Sampling.take(examples(split), max, dataSeed);
    }
}
