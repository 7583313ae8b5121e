package dev.fewtune.method;

import dev.fewtune.graft.Probe;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Takes out the least important of some things that are multiplied by numbers, by the mean of |dL/dnumber|: their numbers
 * become zero. At least one stays.
 *
 * @param mask name of the numbers: one for each row, or several, row by row
 * @param rows name of the numbers of the rows; what is in a row that is out does not count
 * @param share of what counts that is taken out
 * @param what they are, for people
 */
record Importance<T extends TFloating>(int batches, String mask, String rows, double share, String what)
        implements Probe<T> {
    @Override
    public List<String> of() {
        return List.of(mask);
    }

    @Override
    public Operand<T> seen(Ops tf, String name, Operand<T> gradient) {
        return tf.math.abs(gradient);
    }

    @Override
    public Found found(Map<String, double[]> means, Function<String, double[]> now) {
        double[] importance = means.get(mask);
        double[] ofRows = now.apply(rows);
        int perRow = importance.length / ofRows.length;
        int[] ranked = IntStream.range(0, importance.length)
                .filter(place -> ofRows[place / perRow] != 0)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> -importance[place]))
                .mapToInt(Integer::intValue)
                .toArray();
        int kept = Math.max(1, ranked.length - (int) (share * ranked.length + 1e-9));
        double[] numbers = new double[importance.length];
        Arrays.stream(ranked, 0, kept).forEach(place -> numbers[place] = 1);
        return new Found(Map.of(mask, numbers), "Keeps %s of %s %s.".formatted(kept, ranked.length, what));
    }
}
