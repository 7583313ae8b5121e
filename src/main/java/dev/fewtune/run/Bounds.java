package dev.fewtune.run;

/** Lengths that the columns of the tables have. */
final class Bounds {
    /** Characters of a name, a key or a person. */
    static final int NAME = 200;

    private Bounds() {}

    /**
     * @param value may be null
     * @throws Runs.NotAllowed where it is longer
     */
    static void require(String what, String value, int most) {
        if (value != null && value.length() > most) {
            throw new Runs.NotAllowed(
                    "The %s has %,d characters; at most %,d are kept. It begins with \"%s\". Maybe shorten it."
                            .formatted(what, value.length(), most, value.substring(0, 40)));
        }
    }

    /** Who did something, as far as the column reaches. */
    static String person(String by) {
        if (by == null) {
            return "";
        }
        return by.length() <= NAME ? by : by.substring(0, NAME);
    }
}
