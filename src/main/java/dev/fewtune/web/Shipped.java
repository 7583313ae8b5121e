package dev.fewtune.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The workflows that come with the program. */
final class Shipped {
    static final List<String> NAMES = List.of(
            "quickstart",
            "small",
            "acceptance",
            "pretrain-tiny-t5",
            "transfer-spot",
            "transfer-attempt",
            "transfer-mpt",
            "multitask-hyperformer",
            "few-shot",
            "peft-benchmark-t5");

    private Shipped() {}

    static Optional<String> find(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        try (InputStream in = Shipped.class.getResourceAsStream("/workflows/" + name + ".yaml")) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
