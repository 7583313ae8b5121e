package dev.fewtune.workflow;

import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.Catalog;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.ModelNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what a workflow calls a model: a built-in name, a folder, or {@code hf:org/name@revision}. Each folder is looked
 * at once, however many cells name it; the Hub is never asked.
 */
final class ModelReader {
    private static final Pattern WORD = Pattern.compile("[^/\\\\:]*");
    private static final Pattern REPOSITORY = Pattern.compile("[\\w-][\\w.-]*/[\\w.-]+");
    private static final String MAYBE = " Maybe ";
    private static final int MOST_NEIGHBOURS = 1000;

    private final Catalog catalog;
    private final Place place;
    private final Map<String, Reading> known = new HashMap<>();
    private final Map<String, String> promised = new HashMap<>();

    ModelReader(Catalog catalog, Place place) {
        this.catalog = catalog;
        this.place = place;
    }

    /**
     * A model that a workflow may name.
     *
     * @param text the same from any folder
     * @param spec empty where only the Hub knows it, or a step is still to make it
     */
    record Model(String text, Optional<BackboneSpec> spec) {}

    private record Fault(String code, String message, String maybe) {}

    /** One of the two is null. */
    private record Reading(Model model, Fault fault) {
        static Reading wrong(String code, String message, String maybe) {
            return new Reading(null, new Fault(code, message, maybe));
        }
    }

    /** Empty where there is no such model; then a problem says why. */
    Optional<Model> read(String text, Mark at, Problems problems) {
        Reading reading = reading(text);
        if (reading.model() != null) {
            return Optional.of(reading.model());
        }
        Fault fault = reading.fault();
        if (fault == null) {
            problems.unknown(at, "backbone", text, names());
        } else {
            problems.add(at, fault.code(), fault.message(), fault.maybe());
        }
        return Optional.empty();
    }

    /**
     * A folder that a step will make: from here on it may be named, though it is not there yet.
     *
     * @param folder as {@link Model#text} has it
     */
    void promise(String folder, String step) {
        promised.putIfAbsent(folder, step);
        known.values().removeIf(reading -> reading.model() == null);
    }

    /** The step that makes a model; empty where no step does. */
    Optional<String> maker(String text) {
        return Optional.ofNullable(promised.get(text));
    }

    /** The same for names that mean the same. */
    String canonical(String text) {
        Model model = reading(text).model();
        return model == null ? text : model.text();
    }

    /** What is known of a model before it is fetched. */
    Optional<BackboneSpec> spec(String text) {
        return Optional.ofNullable(reading(text).model()).flatMap(Model::spec);
    }

    private List<String> names() {
        return catalog.backbones().stream().map(BackboneSpec::name).toList();
    }

    private Reading reading(String text) {
        Reading reading = known.get(text);
        if (reading == null) {
            reading = catalog.backbone(text).map(ModelReader::builtIn).orElseGet(() -> other(text));
            known.put(text, reading);
        }
        return reading;
    }

    private static Reading builtIn(BackboneSpec spec) {
        return spec.absent().isEmpty()
                ? new Reading(new Model(spec.name(), Optional.of(spec)), null)
                : told(spec.absent());
    }

    private Reading other(String text) {
        if (WORD.matcher(text).matches() && !text.startsWith(".")) {
            return word(text);
        }
        try {
            Path base = place.readsFiles() ? place.folder().toAbsolutePath() : Path.of("");
            ModelNames.Named named = catalog.models().read(text, base);
            return named.folder().isPresent()
                    ? folder(text, named.text(), named.folder().get())
                    : new Reading(new Model(named.text(), Optional.empty()), null);
        } catch (CellFailure wrong) {
            return told(wrong.getMessage());
        }
    }

    private Reading word(String text) {
        boolean folder = place.readsFiles()
                && !text.isBlank()
                && place.admits(place.folder().resolve(text))
                && Files.isDirectory(place.folder().resolve(text));
        return folder
                ? Reading.wrong("unknown-backbone", "unknown backbone '%s'".formatted(text), "./" + text)
                : new Reading(null, null);
    }

    private Reading folder(String text, String name, Path folder) {
        if (!place.readsFiles()) {
            return Reading.wrong("file", "'%s' %s".formatted(text, Place.NO_FILE), Place.ADVICE);
        }
        if (!place.admits(folder)) {
            return outside(folder);
        }
        if (Files.isRegularFile(folder)) {
            return Reading.wrong("model", "'%s' is a file".formatted(folder), "name the folder that it is in");
        }
        if (!Files.exists(folder) && promised.containsKey(name)) {
            return new Reading(new Model(name, Optional.empty()), null);
        }
        if (!Files.isDirectory(folder)) {
            return Reading.wrong("model", "there is no folder '%s'".formatted(folder), advice(text, folder));
        }
        Optional<Path> strange =
                neighbours(folder).stream().filter(file -> !place.admits(file)).findFirst();
        return strange.map(this::outside)
                .orElseGet(() ->
                        new Reading(new Model(name, Optional.of(catalog.models().look(name, folder))), null));
    }

    private Reading outside(Path path) {
        return Reading.wrong("file", "'%s' lies outside of the data roots %s".formatted(path, place.roots()), "");
    }

    private String advice(String text, Path folder) {
        Path parent = folder.getParent();
        Optional<String> near = parent == null || !place.admits(parent)
                ? Optional.empty()
                : Nearest.find(
                        folder.getFileName().toString(),
                        neighbours(parent).stream()
                                .filter(Files::isDirectory)
                                .map(path -> path.getFileName().toString())
                                .toList());
        if (near.isPresent()) {
            return text.substring(0, text.lastIndexOf('/') + 1) + near.get();
        }
        return REPOSITORY.matcher(text).matches()
                ? "hf:%s for the model of the Hub".formatted(text)
                : "paths are relative to " + place.folder();
    }

    private static List<Path> neighbours(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.limit(MOST_NEIGHBOURS).toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** A sentence as a problem: without its full stop, and its advice apart. */
    private static Reading told(String sentence) {
        int at = sentence.indexOf(MAYBE);
        String message = at < 0 ? sentence : sentence.substring(0, at);
        String maybe = at < 0 ? "" : sentence.substring(at + MAYBE.length());
        return Reading.wrong("model", lower(bare(message)), bare(maybe));
    }

    private static String bare(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static String lower(String sentence) {
        return sentence.startsWith("Th") ? "t" + sentence.substring(1) : sentence;
    }
}
