package dev.fewtune.train;

import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import dev.fewtune.spec.KeyedRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What earlier steps might have learned. */
final class Sources {
    /** Rows of a prompt, as many as the contract asks methods for. */
    static final int LENGTH = 4;

    static final List<Beside.Member> MEMBERS = List.of(new Beside.Member("one", 3), new Beside.Member("two", 2));

    private Sources() {}

    /** A request that is given {@link #tiny}, whatever its method. */
    static TrainRequest given(TrainRequest request, int width) {
        return request.given(learned(width));
    }

    /** For requests that are given so. */
    static Trainer trainer(Supply supply, TrainRequest request, int width) {
        return request.beside().gifts().isEmpty() ? new Trainer(supply) : new Trainer(supply, learned(width));
    }

    private static List<Learned> learned(int width) {
        return tiny(width).stream()
                .map(source -> new Learned(source, "of " + source.name()))
                .toList();
    }

    /** Prompts and heads of both members. */
    static List<Source> taught(int width) {
        return MEMBERS.stream()
                .map(member -> new Source(
                        Source.PROMPT,
                        member.task(),
                        Map.of(
                                Source.ROWS,
                                made(member.task(), LENGTH, width),
                                "head.weight",
                                made("weight of " + member.task(), width, member.outputs()),
                                "head.bias",
                                made("bias of " + member.task(), member.outputs()))))
                .toList();
    }

    /** Prompts of two tasks. */
    static List<Source> tiny(int width) {
        return List.of(prompt("one", width), prompt("two", width));
    }

    static Source prompt(String task, int width) {
        return new Source(Source.PROMPT, task, Map.of(Source.ROWS, made(task, LENGTH, width)));
    }

    static Made made(String name, long... shape) {
        KeyedRandom random = new KeyedRandom(5, name);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextGaussian() / 2);
        return new Made(shape, values);
    }
}
