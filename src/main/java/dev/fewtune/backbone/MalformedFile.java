package dev.fewtune.backbone;

import java.io.IOException;

/** Thrown where a file can be read but does not hold what its format asks for. */
public final class MalformedFile extends IOException {
    public MalformedFile(String message) {
        super(message);
    }
}
