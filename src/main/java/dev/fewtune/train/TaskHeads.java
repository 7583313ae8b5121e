package dev.fewtune.train;

import dev.fewtune.graft.Init;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Ordered;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * One new head for each task that is learned, side by side, or the frozen heads that teachers have learned.
 *
 * @param trains whether the method lets heads train
 */
record TaskHeads<T extends TFloating>(Vars<T> vars, Model.Task task, int width, boolean trains) {
    private static final double DEVIATION = 0.02;
    private static final String WEIGHT = "head.weight";
    private static final String BIAS = "head.bias";

    /** Classes of all tasks. */
    int outputs() {
        return task.members().isEmpty()
                ? task.classes()
                : task.members().stream().mapToInt(Beside.Member::outputs).sum();
    }

    /** [width, classes] */
    Operand<T> weight(Ops tf, boolean ofTeachers) {
        if (ofTeachers) {
            return joined(tf, taught(WEIGHT), 1);
        }
        return task.members().isEmpty()
                ? own(WEIGHT, Init.normal(DEVIATION), width, task.classes())
                : joined(
                        tf,
                        each(member -> own(named(member, "weight"), Init.normal(DEVIATION), width, member.outputs())),
                        1);
    }

    /** [classes] */
    Operand<T> bias(Ops tf, boolean ofTeachers) {
        if (ofTeachers) {
            return joined(tf, taught(BIAS), 0);
        }
        return task.members().isEmpty()
                ? own(BIAS, Init.zeros(), task.classes())
                : joined(tf, each(member -> own(named(member, "bias"), Init.zeros(), member.outputs())), 0);
    }

    private interface Part<T extends TFloating> {
        Operand<T> of(Beside.Member member);
    }

    private List<Operand<T>> each(Part<T> part) {
        return task.members().stream().map(part::of).toList();
    }

    private List<Operand<T>> taught(String tensor) {
        List<Operand<T>> parts = new ArrayList<>();
        for (Beside.Member member : task.members()) {
            parts.add(vars.lent("teacher.%s.%s".formatted(member.task(), tensor), taught(member, tensor)));
        }
        return parts;
    }

    private Made taught(Beside.Member member, String tensor) {
        Made made = task.sources().stream()
                .filter(source ->
                        source.kind().equals(Source.PROMPT) && source.name().equals(member.task()))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "There is no teacher of %s among the sources. Maybe pretrain it too, or distill: 0.",
                        member.task()))
                .tensor(tensor);
        long outputs = made.shape()[made.shape().length - 1];
        if (outputs != member.outputs()) {
            throw CellFailure.yours(
                    "The teacher of %s has %s classes, expected %s. Maybe the same data for both.",
                    member.task(), outputs, member.outputs());
        }
        return made;
    }

    private static String named(Beside.Member member, String what) {
        return "head.%s.%s".formatted(member.task(), what);
    }

    private Operand<T> own(String name, Init start, long... shape) {
        return vars.fresh(name, task.trainHead() && trains ? Share.HEAD : Share.FROZEN, 1, start, shape);
    }

    private Operand<T> joined(Ops tf, List<Operand<T>> parts, int axis) {
        return Ordered.concat(tf, parts, axis);
    }
}
