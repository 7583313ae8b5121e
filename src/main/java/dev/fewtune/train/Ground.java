package dev.fewtune.train;

import dev.fewtune.graft.Variable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.op.Op;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.family.TFloating;

/**
 * What in a graph is made of nothing but the texts and of pretrained weights that stay: it is the same for a text at every
 * step, with every seed and by every method that leaves the layers below alone. This is read off the graph itself, so that
 * nothing needs to be known of methods: dropout, a trained variable or a variable with a value of its own below a place
 * shows as an operation from which the place is made.
 */
final class Ground {
    private static final String PRODUCT = "MatMul";

    /**
     * Of a model.
     *
     * @param learning below what a step needs; empty in a model that does not learn
     * @param answering below the outputs
     */
    record Cuts<T extends TFloating>(Cut<T> learning, Cut<T> answering) {
        /** @param updates what a step does besides the loss */
        static <T extends TFloating> Cuts<T> of(Graph graph, Model<T> model, List<Op> updates) {
            List<Level<T>> levels = model.levels();
            if (levels.isEmpty()) {
                return new Cuts<>(Cut.none(), Cut.none());
            }
            Ground ground = new Ground(graph, known(model));
            List<String> step = new ArrayList<>();
            updates.forEach(update -> step.add(update.op().name()));
            if (model.loss() != null) {
                step.add(model.loss().op().name());
            }
            return new Cuts<>(
                    step.isEmpty() ? Cut.none() : ground.cut(step, levels),
                    ground.cut(List.of(model.outputs().op().name()), levels));
        }

        private static Map<String, String> known(Model<?> model) {
            Map<String, String> known = new HashMap<>();
            known.put(model.inputs().ids().op().name(), "tokens");
            known.put(model.inputs().types().op().name(), "segments");
            known.put(model.inputs().mask().op().name(), "mask");
            for (Variable<?> variable : model.vars().frozen()) {
                if (variable.init() == null) {
                    known.put(
                            variable.handle().op().name(),
                            "%s in %s"
                                    .formatted(variable.name(), variable.kept().getSimpleName()));
                }
            }
            return known;
        }
    }

    private final Graph graph;
    private final Map<String, NodeDef> nodes = new HashMap<>();
    private final Map<String, String> prints = new HashMap<>();
    private final Set<String> worked = new HashSet<>();

    /**
     * @param known what stays, by the name of its operation: the places of texts and the handles of pretrained weights,
     *     each with words that stand for it in any graph
     */
    Ground(Graph graph, Map<String, String> known) {
        this.graph = graph;
        GraphDef all = graph.toGraphDef();
        for (NodeDef node : all.getNodeList()) {
            nodes.put(node.getName(), node);
            read(node, known.get(node.getName()));
        }
    }

    /**
     * Where the way from the targets down meets what stays. What is made without a product of matrices is not worth
     * keeping.
     *
     * @param targets names of operations
     */
    <T extends TFloating> Cut<T> cut(Collection<String> targets, List<Level<T>> levels) {
        Map<String, Level<T>> candidates = new HashMap<>();
        for (Level<T> level : levels) {
            String name = level.states().op().name();
            boolean first = level.states().asOutput().index() == 0;
            if (first && level.width() > 0 && prints.containsKey(name) && worked.contains(name)) {
                candidates.putIfAbsent(name, level);
            }
        }
        Map<String, Level<T>> met = new TreeMap<>();
        double rest = cost(down(targets, candidates, met));
        List<Cut.Place<T>> places = met.values().stream()
                .map(level ->
                        new Cut.Place<>(level, prints.get(level.states().op().name())))
                .toList();
        double whole = places.isEmpty() ? rest : cost(down(targets, Map.of(), new TreeMap<>()));
        return new Cut<>(places, whole == 0 ? 0 : 1 - rest / whole);
    }

    private void read(NodeDef node, String known) {
        String name = node.getName();
        if (known != null) {
            prints.put(name, Content.hash(known));
            return;
        }
        boolean stays = !node.getOp().startsWith("Random")
                && (node.getInputCount() > 0 || node.getOp().equals("Const"))
                && node.getInputList().stream().allMatch(input -> prints.containsKey(operation(input)));
        if (stays) {
            prints.put(name, print(node));
            if (node.getOp().equals(PRODUCT)
                    || node.getInputList().stream().anyMatch(input -> worked.contains(operation(input)))) {
                worked.add(name);
            }
        }
    }

    /** Names do not count, so that the same operations have the same print in another graph. */
    private String print(NodeDef node) {
        Map<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, AttrValue> entry : node.getAttrMap().entrySet()) {
            if (!entry.getKey().startsWith("_")) {
                attributes.put(
                        entry.getKey(),
                        Content.hash(entry.getValue().toByteString().asReadOnlyByteBuffer()));
            }
        }
        Function<String, String> made = input -> prints.get(operation(input)) + output(input);
        return Content.hash(List.of(
                node.getOp(), attributes, node.getInputList().stream().map(made).toList()));
    }

    /** All operations on the way from the targets down to the candidates, which are noted as met. */
    private <T extends TFloating> Set<String> down(
            Collection<String> targets, Map<String, Level<T>> candidates, Map<String, Level<T>> met) {
        Set<String> seen = new HashSet<>(targets);
        Deque<String> open = new ArrayDeque<>(targets);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (candidates.containsKey(name)) {
                met.put(name, candidates.get(name));
                seen.remove(name);
                continue;
            }
            for (String input : nodes.get(name).getInputList()) {
                if (seen.add(operation(input))) {
                    open.push(operation(input));
                }
            }
        }
        return seen;
    }

    /** Multiplications of all products of matrices, for one row of what grows with the texts. */
    private double cost(Set<String> names) {
        double cost = 0;
        for (String name : names) {
            if (nodes.get(name).getOp().equals(PRODUCT)) {
                cost += product((GraphOperation) graph.operation(name));
            }
        }
        return cost;
    }

    private double product(GraphOperation made) {
        boolean turned = nodes.get(made.name()).getAttrMap().get("transpose_a").getB();
        List<Long> sizes = new ArrayList<>();
        sizes.add(made.input(0).shape().get(turned ? 0 : 1));
        sizes.add(made.output(0).shape().get(0));
        sizes.add(made.output(0).shape().get(1));
        return sizes.stream().mapToDouble(size -> Math.max(1, size)).reduce(1, (a, b) -> a * b);
    }

    /** Of {@code ^name}, {@code name} or {@code name:1}. */
    private static String operation(String input) {
        String name = input.startsWith("^") ? input.substring(1) : input;
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static String output(String input) {
        int colon = input.indexOf(':');
        return colon < 0 ? ":0" : input.substring(colon);
    }
}
