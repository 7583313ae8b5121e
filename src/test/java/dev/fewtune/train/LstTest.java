package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.FolderBackbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.graft.Variable;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.CellFailure;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** The side network learns without a backward pass through the backbone. */
class LstTest {
    private static final Path MODELS = Path.of("src/test/resources/models");

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "llama", "t5-v1_1"})
    void noBackwardPassGoesThroughTheBackbone(String network) {
        assertThat(backward("lst", network)).isEmpty();
        assertThat(backward("lora", network)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "llama", "t5-v1_1"})
    void theGradientOfEveryTensorOfTheBackboneIsNull(String network) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat64> model = model(tf, network, "lst", Aim.head());
            assertThat(model.vars().frozen()).isNotEmpty().allMatch(variable -> isNull(tf, model, variable));
        }
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat64> model = model(tf, network, "lora", Aim.head());
            assertThat(model.vars().frozen()).noneMatch(variable -> isNull(tf, model, variable));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "t5-v1_1"})
    void saysThatItCannotWriteTexts(String network) {
        for (Aim aim : List.of(Aim.textToText(4, 1), Aim.verbalizer(List.of(List.of(5), List.of(6), List.of(7)), -1))) {
            try (Graph graph = new Graph()) {
                Ops tf = Ops.create(graph);
                assertThatThrownBy(() -> model(tf, network, "lst", aim))
                        .isInstanceOf(CellFailure.class)
                        .hasMessageContaining("cannot write texts")
                        .hasMessageEndingWith("Maybe objective: head.");
            }
        }
    }

    /** A gradient that is null has no operation. */
    private static boolean isNull(Ops tf, Model<TFloat64> model, Variable<TFloat64> variable) {
        Output<?> gradient =
                tf.gradients(model.loss(), List.of(variable.value())).dy(0);
        return catchThrowable(gradient::type) instanceof IllegalStateException;
    }

    /** Names of the operations of the backward pass that need a frozen tensor. */
    private static Set<String> backward(String name, String network) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat64> model = model(tf, network, name, Aim.head());
            Set<String> before = names(graph);
            List<Operand<TFloat64>> trained =
                    model.vars().trained().stream().map(Variable::value).toList();
            tf.gradients(model.loss(), trained);
            Set<String> frozen = new HashSet<>();
            model.vars()
                    .frozen()
                    .forEach(variable -> frozen.add(variable.value().op().name()));
            Set<String> found = new HashSet<>();
            Iterator<GraphOperation> all = graph.operations();
            while (all.hasNext()) {
                GraphOperation made = all.next();
                if (!before.contains(made.name())) {
                    for (int i = 0; i < made.numInputs(); i++) {
                        if (frozen.contains(made.input(i).op().name())) {
                            found.add(made.name());
                        }
                    }
                }
            }
            return found;
        }
    }

    private static Model<TFloat64> model(Ops tf, String network, String name, Aim aim) {
        Backbone backbone = FolderBackbone.open(network, MODELS.resolve(network));
        Method method = Methods.named(name);
        return new Model<>(
                tf,
                TFloat64.class,
                backbone,
                method,
                Contract.settings(method),
                new Model.Task(3, false, "mean", 0.1, true, 0.1, 0, Precision.F32, aim),
                true);
    }

    private static Set<String> names(Graph graph) {
        Set<String> names = new HashSet<>();
        graph.operations().forEachRemaining(op -> names.add(op.name()));
        return names;
    }
}
