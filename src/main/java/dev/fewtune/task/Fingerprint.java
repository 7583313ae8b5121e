package dev.fewtune.task;

import java.util.List;

/** Tells whether two lists of examples ask the same questions. */
public final class Fingerprint {
    private Fingerprint() {}

    /** SHA-256 of texts and labels in their order; where the examples came from has no part. */
    public static String of(List<Example> examples) {
        Digest digest = new Digest();
        for (Example example : examples) {
            digest.add(example.first());
            digest.add(example.second() == null ? "one text" : "two texts");
            digest.add(example.second() == null ? "" : example.second());
            example.more().forEach(digest::add);
            digest.add(example.label());
        }
        return digest.hex();
    }
}
