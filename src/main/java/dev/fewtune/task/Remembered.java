package dev.fewtune.task;

import java.lang.ref.SoftReference;
import java.util.function.Supplier;

/** A value that is made at first use and kept while memory allows; making it again gives an equal one. */
final class Remembered<T> {
    private final Supplier<T> maker;
    private SoftReference<T> kept = new SoftReference<>(null);

    Remembered(Supplier<T> maker) {
        this.maker = maker;
    }

    synchronized T get() {
        T value = kept.get();
        if (value == null) {
            value = maker.get();
            kept = new SoftReference<>(value);
        }
        return value;
    }
}
