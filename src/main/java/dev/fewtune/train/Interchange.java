package dev.fewtune.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.method.Method;
import dev.fewtune.method.PeftConfig;
import dev.fewtune.spec.Cause;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The way between trained methods and folders of HF PEFT. */
public final class Interchange {
    /** The folder that a training leaves beside its adapter, where PEFT has a place for the method. */
    public static final String FOLDER = "peft";

    /** The head of a merged network, where Transformers has no class for it. */
    static final String HEAD = "head.safetensors";

    /** The note in an adapter that says on which weights it was trained. */
    static final String WEIGHTS = "weights";

    private static final String REQUEST = "fewtune.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Supply supply;

    /**
     * What a folder says, whatever the backbone.
     *
     * @param type the peft_type
     * @param method ours for it
     * @param backbone what the folder names as its base model
     * @param settings of the method, without the linear maps
     * @param tensors their number
     * @param parameters numbers in all tensors
     */
    public record Look(
            String type, String method, String backbone, Map<String, Object> settings, int tensors, long parameters) {}

    /**
     * A folder read for a backbone.
     *
     * @param settings of the method
     * @param pooling that its head was trained with; empty where the folder does not say
     */
    public record Found(String method, Map<String, Object> settings, boolean head, Optional<String> pooling) {}

    public Interchange(Supply supply) {
        this.supply = supply;
    }

    /** @throws CellFailure with cause YOURS where the folder is none of PEFT, or of a type that is not known */
    public static Look look(Path folder) {
        try {
            PeftConfig config = PeftFolder.config(folder);
            Method method = PeftImport.method(config);
            Map<String, Object> settings =
                    method.peft().orElseThrow().settings().apply(config);
            Map<String, Numbers> tensors = PeftFolder.read(folder).tensors();
            return new Look(
                    config.type(),
                    method.spec().name(),
                    config.text("base_model_name_or_path", ""),
                    settings,
                    tensors.size(),
                    tensors.values().stream()
                            .mapToLong(numbers -> numbers.values().length)
                            .sum());
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /**
     * What a folder is on a backbone.
     *
     * @throws CellFailure as above, and where its modules or tensors are not those of the backbone
     */
    public Found find(Path folder, String backbone) {
        PeftImport found = new PeftImport(folder, supply.backbone(backbone));
        return new Found(found.method().spec().name(), found.settings(), found.hasHead(), pooling(folder));
    }

    /**
     * Writes a folder's tensors as those of a training.
     *
     * @param request whose method and settings are those that {@link #find} found
     * @return counts as in {@link TrainResult}; all that has to do with a training is zero
     * @throws CellFailure as above
     */
    public TrainResult adopt(Path folder, TrainRequest request, Path adapter) {
        Backbone backbone = supply.backbone(request.backbone());
        PeftImport found = new PeftImport(folder, backbone);
        if (request.aim().objective().equals(Aim.HEAD)) {
            requireHead(folder, backbone, request, found);
        }
        Settings settings = supply.settings(found.method(), request.methodSettings());
        try (Graph graph = new Graph()) {
            Vars<TFloat32> vars = new Model<>(
                            Ops.create(graph),
                            TFloat32.class,
                            backbone,
                            found.method(),
                            settings,
                            Trainer.task(request),
                            false)
                    .vars();
            List<Safetensors.Entry> entries = found.entries(
                    vars.trained(),
                    vars.frozen().stream()
                            .filter(variable -> variable.init() != null)
                            .toList());
            Safetensors.write(adapter, entries);
            return new TrainResult(
                    null,
                    vars.count(Share.METHOD),
                    vars.count(Share.NORMS),
                    vars.count(Share.HEAD),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    Files.size(adapter),
                    0,
                    List.of());
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "%s could not be written: %s".formatted(adapter.getFileName(), e.getMessage()), e);
        }
    }

    /**
     * Writes what a learner holds as a folder.
     *
     * @return why PEFT has no place for it; empty where the folder is there
     */
    static Optional<String> deliver(
            Learner<?> learner,
            Backbone backbone,
            Method method,
            Settings settings,
            TrainRequest request,
            Path folder) {
        try {
            PeftExport.Content content = PeftExport.of(
                    backbone,
                    method,
                    settings,
                    request.aim().objective(),
                    learner.trainedNumbers(),
                    learner.numbersBeside());
            PeftFolder.write(folder, content.config(), content.entries());
            Files.writeString(folder.resolve(REQUEST), JSON.writeValueAsString(request) + "\n");
            Files.writeString(folder.resolve("README.md"), Readme.forPeft(backbone.spec(), request));
            return Optional.empty();
        } catch (PeftExport.NoPlace e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "The folder %s could not be written: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /**
     * Writes the network of a training with what was trained in its weights, as Transformers reads it: whole or not at all.
     *
     * @param adapter the file that {@link Trainer#run} wrote
     * @param folder that must not be there
     * @throws CellFailure with cause YOURS where the method cannot be merged, Transformers has no such network, or
     *     the model is another one than at the training
     */
    public void merge(TrainRequest request, Path adapter, Path folder) {
        Backbone backbone = supply.backbone(request.backbone());
        Method method = supply.method(request.method());
        Safetensors trained = opened(adapter);
        requireWeights(backbone, trained);
        Path whole = folder.toAbsolutePath();
        Path draft = whole.resolveSibling(
                whole.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try (Merging<TFloat32> merging = new Merging<>(
                TFloat32.class,
                backbone,
                method,
                supply.settings(method, request.methodSettings()),
                Trainer.task(request).in(Precision.F32),
                supply.weights(backbone, Precision.F32),
                request.seed(),
                trained)) {
            Dress dress = new Dress(backbone.spec(), request, merging);
            backbone.save(dress.outfit(), draft);
            if (!dress.headBeside().isEmpty()) {
                Safetensors.writeForOthers(draft.resolve(HEAD), dress.headBeside());
            }
            Files.writeString(draft.resolve("README.md"), Readme.merged(backbone.spec(), request, dress.hasClass()));
            Files.move(draft, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CellFailure(
                    Cause.RESOURCE, "The folder %s could not be written: %s".formatted(folder, e.getMessage()), e);
        } finally {
            remove(draft);
        }
    }

    private static Safetensors opened(Path adapter) {
        try {
            return Safetensors.open(adapter);
        } catch (IOException e) {
            throw unreadable(adapter, e);
        }
    }

    private static void requireWeights(Backbone backbone, Safetensors adapter) {
        String known = adapter.notes().get(WEIGHTS);
        if (known != null && !known.equals(backbone.identity())) {
            throw CellFailure.yours(
                    "The weights of %s are others than those of the training: its content has changed. Maybe put the model "
                            + "back as it was, or train again.",
                    backbone.spec().name());
        }
    }

    /** What is left where something went wrong. */
    private static void remove(Path draft) {
        try (Stream<Path> files = Files.exists(draft) ? Files.walk(draft) : Stream.of()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw unreadable(draft, e);
        }
    }

    private static void requireHead(Path folder, Backbone backbone, TrainRequest request, PeftImport found) {
        if (!found.hasHead()) {
            throw CellFailure.yours(
                    "%s holds no head, and the objective head needs one. Maybe another objective in tokenize: verbalizer or "
                            + "text-to-text.",
                    folder);
        }
        if (found.classes() != request.classes()) {
            throw CellFailure.yours(
                    "The head in %s has %s outputs, and the task needs %s. Maybe another task.",
                    folder, found.classes(), request.classes());
        }
        if (pooling(folder).isEmpty() && !backbone.spec().causal()) {
            throw CellFailure.yours(
                    "The head in %s reads what Transformers' pooling network makes of the first token, which Fewtune's %s does "
                            + "not have. Maybe import it for an objective without a head, or train the head here.",
                    folder, backbone.spec().name());
        }
    }

    /** Of the request that a folder of ours holds. */
    private static Optional<String> pooling(Path folder) {
        Path file = folder.resolve(REQUEST);
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(JSON.readTree(Files.readString(file))
                                    .at("/training/pooling")
                                    .asText())
                            .filter(pooling -> List.of("cls", "mean", "last").contains(pooling))
                    : Optional.empty();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static CellFailure unreadable(Path path, IOException e) {
        return new CellFailure(Cause.RESOURCE, "%s cannot be read: %s".formatted(path, e.getMessage()), e);
    }
}
