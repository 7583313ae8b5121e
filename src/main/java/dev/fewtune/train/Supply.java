package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Backbones;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Weights;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.BackboneSpec;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where a training takes its backbone, its method and its weights from. One per process, so that weights are mapped once. */
public final class Supply {
    private final List<Backbone> backbones;
    private final List<Method> methods;
    private final WeightFiles files;
    private final Shelf shelf;
    private final Learners learners;
    private final Map<String, Backbone> folders;

    /** One that keeps no states. */
    public Supply(List<Backbone> backbones, List<Method> methods, WeightFiles files) {
        this(backbones, methods, files, new Shelf(Path.of(""), 0, Clock.systemUTC()));
    }

    Supply(List<Backbone> backbones, List<Method> methods, WeightFiles files, Shelf shelf) {
        this(backbones, methods, files, shelf, new Learners(), new ConcurrentHashMap<>());
    }

    private Supply(
            List<Backbone> backbones,
            List<Method> methods,
            WeightFiles files,
            Shelf shelf,
            Learners learners,
            Map<String, Backbone> folders) {
        this.backbones = List.copyOf(backbones);
        this.methods = List.copyOf(methods);
        this.files = files;
        this.shelf = shelf;
        this.learners = learners;
        this.folders = folders;
    }

    /** All that is built in, with converted weights in a local folder; keeps no states. */
    public static Supply builtIn(Path cache) {
        return builtIn(cache, 0);
    }

    /**
     * The same, and states of layers that do not change beside the weights.
     *
     * @param keptBytes that all states together may take of the disk; 0 to keep none
     */
    public static Supply builtIn(Path cache, long keptBytes) {
        Shelf shelf = new Shelf(cache.resolve("states"), keptBytes, Clock.systemUTC());
        return new Supply(Backbones.ALL, Methods.ALL, new WeightFiles(cache), shelf);
    }

    /**
     * The same, and the model in a folder under a name. Weights and learners are shared by both, and a folder is opened
     * again only where its content is another one.
     *
     * @param identity of the content of the folder
     * @throws CellFailure with cause YOURS where its weights cannot be read
     */
    public Supply with(String name, Path folder, String identity) {
        Backbone named = folders.compute(
                name,
                (key, known) -> known != null && known.identity().equals(identity)
                        ? known
                        : FolderBackbone.open(name, folder, identity));
        List<Backbone> more = new ArrayList<>(List.of(named));
        more.addAll(backbones);
        return new Supply(more, methods, files, shelf, learners, folders);
    }

    /**
     * What is known of a backbone.
     *
     * @param name of a built-in one, or the path of a model folder
     * @throws CellFailure with cause YOURS where there is none
     */
    public BackboneSpec spec(String name) {
        return backbone(name).spec();
    }

    /** Failures as above. */
    public Abilities abilities(String name) {
        return Abilities.of(backbone(name));
    }

    /** @throws IOException where the backbone has no tokenizer.json or it cannot be read */
    public String tokenizerJson(String name) throws IOException {
        return backbone(name).tokenizerJson();
    }

    Backbone backbone(String name) {
        return backbones.stream()
                .filter(backbone -> backbone.spec().name().equals(name))
                .findFirst()
                .orElseGet(() -> inFolder(name));
    }

    private Backbone inFolder(String name) {
        if (name.contains("/")) {
            return folders.computeIfAbsent(name, path -> FolderBackbone.open(path, Path.of(path)));
        }
        List<String> known = backbones.stream().map(b -> b.spec().name()).toList();
        throw CellFailure.yours(
                "There is no backbone %s; there are %s. Maybe give the path of a model folder.",
                name, String.join(", ", known));
    }

    Method method(String name) {
        return methods.stream()
                .filter(method -> method.spec().name().equals(name))
                .findFirst()
                .orElseGet(() -> Methods.named(name));
    }

    Settings settings(Method method, Map<String, Object> given) {
        try {
            return Settings.of(method.spec().settings(), given);
        } catch (IllegalArgumentException e) {
            throw CellFailure.yours("%s cannot be set up so. %s", method.spec().name(), e.getMessage());
        }
    }

    /** Where states are kept. */
    Shelf shelf() {
        return shelf;
    }

    /** A learner at its first values for a seed; see {@link Learners}. */
    Learners.Loan learner(Learners.Plan plan, long seed) {
        return learners.lend(plan, this::weights, seed);
    }

    Weights weights(Backbone backbone, Precision precision) {
        return new ReadWeights(backbone, files.of(backbone, precision));
    }

    private Weights weights(Learners.Plan plan) {
        return weights(plan.backbone(), plan.task().precision());
    }
}
