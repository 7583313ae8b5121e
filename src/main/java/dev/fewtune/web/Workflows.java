package dev.fewtune.web;

import dev.fewtune.run.Library;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Workflows by name: those of the library, and those that come with the program. */
@Singleton
public class Workflows {
    private final Library library;

    Workflows(Library library) {
        this.library = library;
    }

    /** @param version 0 for one that comes with the program */
    public record Named(String name, int version, String yaml) {}

    List<Named> all() {
        List<Named> all = new ArrayList<>();
        library.all().forEach(saved -> all.add(named(saved)));
        for (String name : Shipped.NAMES) {
            if (all.stream().noneMatch(known -> known.name().equals(name))) {
                all.add(new Named(name, 0, Shipped.find(name).orElseThrow()));
            }
        }
        return all;
    }

    Optional<Named> find(String name) {
        return all().stream().filter(known -> known.name().equals(name)).findFirst();
    }

    /** @param version 0 for the one that comes with the program; null for the newest */
    Optional<Named> find(String name, Integer version) {
        if (version == null) {
            return find(name);
        }
        return version == 0
                ? Shipped.find(name).map(yaml -> new Named(name, 0, yaml))
                : library.find(name, version).map(Workflows::named);
    }

    /** The text of a workflow that is given whole or by its name. */
    String resolve(String text) {
        if (text.contains("\n") || text.contains(":")) {
            return text;
        }
        return find(text)
                .map(Named::yaml)
                .orElseThrow(() -> Refused.notFound("There is no workflow %s. Maybe one of %s."
                        .formatted(text, all().stream().map(Named::name).toList())));
    }

    Named put(String name, String yaml) {
        return named(library.put(name, yaml, "api"));
    }

    private static Named named(Library.Saved saved) {
        return new Named(saved.name(), saved.version(), saved.yaml());
    }
}
