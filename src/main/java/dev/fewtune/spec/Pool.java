package dev.fewtune.spec;

/** Where a cell runs: LIGHT has one slot per core and never touches TensorFlow; DEVICE has one slot per device. */
public enum Pool {
    LIGHT,
    DEVICE;

    /** The name in lower case, as shown and as used for table prefixes. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
