package dev.fewtune.train;

import dev.fewtune.graft.Phase;
import dev.fewtune.graft.Probe;
import dev.fewtune.graft.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** The parts of one training: what is found out before each of them, and how it begins. */
final class Parts<T extends TFloating> {
    private final List<Phase<T>> phases;
    private final Map<Probe<T>, Map<String, Operand<T>>> seen = new LinkedHashMap<>();

    /** Where a batch meets the graph. */
    interface Measuring<T extends TFloating> {
        /** The values of some tensors for the batch of a number. */
        List<double[]> of(int batch, List<Operand<T>> tensors);
    }

    /** What variables hold. */
    interface Holding {
        double[] now(String name);

        void set(Map<String, double[]> values);
    }

    Parts(Ops tf, Operand<T> loss, List<Variable<T>> variables, List<Phase<T>> phases) {
        this.phases = phases;
        List<Probe<T>> probes =
                phases.stream().flatMap(phase -> phase.first().stream()).toList();
        Map<String, Operand<T>> by = variables.stream().collect(Collectors.toMap(Variable::name, Variable::value));
        Map<String, Operand<T>> gradients = gradients(tf, loss, by, probes);
        for (Probe<T> probe : probes) {
            Map<String, Operand<T>> own = new LinkedHashMap<>();
            probe.of().forEach(name -> own.put(name, probe.seen(tf, name, gradients.get(name))));
            seen.put(probe, own);
        }
    }

    int count() {
        return phases.size();
    }

    /** Whether all that trains begins again at its first values. */
    boolean anew(int part) {
        return phases.get(part).anew();
    }

    /**
     * Finds out what a part needs, and sets it.
     *
     * @param batches how many there are
     * @return what was found, sentences for people
     */
    List<String> prepare(int part, int batches, Measuring<T> measuring, Holding holding) {
        List<String> says = new ArrayList<>();
        for (Probe<T> probe : phases.get(part).first()) {
            Probe.Found found = probe.found(means(probe, batches, measuring), holding::now);
            holding.set(found.values());
            says.add(found.says());
        }
        return says;
    }

    private Map<String, double[]> means(Probe<T> probe, int batches, Measuring<T> measuring) {
        List<String> names = probe.of();
        List<Operand<T>> tensors = List.copyOf(seen.get(probe).values());
        int count = Math.min(batches, probe.batches());
        Map<String, double[]> means = new LinkedHashMap<>();
        for (int batch = 0; batch < count; batch++) {
            List<double[]> values = measuring.of(batch, tensors);
            for (int i = 0; i < names.size(); i++) {
                double[] value = values.get(i);
                double[] mean = means.computeIfAbsent(names.get(i), name -> new double[value.length]);
                for (int at = 0; at < mean.length; at++) {
                    mean[at] += value[at] / count;
                }
            }
        }
        return means;
    }

    private static <T extends TFloating> Map<String, Operand<T>> gradients(
            Ops tf, Operand<T> loss, Map<String, Operand<T>> variables, List<Probe<T>> probes) {
        List<String> names =
                probes.stream().flatMap(probe -> probe.of().stream()).distinct().toList();
        Map<String, Operand<T>> gradients = new LinkedHashMap<>();
        if (names.isEmpty()) {
            return gradients;
        }
        var found = tf.gradients(loss, names.stream().map(variables::get).toList());
        for (int i = 0; i < names.size(); i++) {
            gradients.put(names.get(i), found.dy(i));
        }
        return gradients;
    }
}
