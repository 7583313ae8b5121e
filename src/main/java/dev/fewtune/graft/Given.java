package dev.fewtune.graft;

import dev.fewtune.spec.CellFailure;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/**
 * What a method is given beside its settings.
 *
 * @param sources what earlier steps have learned, in the order of the needs
 * @param tasks names of the tasks that are learned together; one where a task is learned alone
 * @param task the place in {@code tasks} of the task of each example, [batch]; null where there is no batch
 */
public record Given(List<Source> sources, List<String> tasks, Operand<TInt32> task) {
    public static final Given NOTHING = new Given(List.of(), List.of(""), null);

    public Given {
        sources = List.copyOf(sources);
        tasks = List.copyOf(tasks);
    }

    /** Whether several tasks are learned together. */
    public boolean several() {
        return tasks.size() > 1;
    }

    /** The prompts of earlier steps. */
    public List<Source> prompts() {
        return sources.stream()
                .filter(source -> source.kind().equals(Source.PROMPT))
                .toList();
    }

    /** @throws CellFailure with cause YOURS where there is none */
    public List<Source> prompts(String method) {
        List<Source> prompts = prompts();
        if (prompts.isEmpty()) {
            throw CellFailure.yours(
                    "%s starts from prompts of other tasks, and there is none. Maybe a step that uses pretrain among"
                            + " its needs.",
                    method);
        }
        return prompts;
    }

    /**
     * The prompts of earlier steps, all of one length.
     *
     * @throws CellFailure with cause YOURS where there is none, or lengths or widths differ
     */
    public List<Source> prompts(String method, int width) {
        List<Source> prompts = prompts(method);
        long length = prompts.get(0).rows().shape()[0];
        for (Source prompt : prompts) {
            long[] shape = prompt.rows().shape();
            if (shape[1] != width) {
                throw CellFailure.yours(
                        "The prompt of %s has rows of width %s, and those of %s have %s. Maybe a prompt of the same"
                                + " backbone.",
                        prompt.name(), shape[1], method, width);
            }
            if (shape[0] != length) {
                throw CellFailure.yours(
                        "The prompt of %s has %s rows, and that of %s has %s. Maybe the same prompt_length for all"
                                + " sources.",
                        prompt.name(), shape[0], prompts.get(0).name(), length);
            }
        }
        return prompts;
    }

    /**
     * The prompt of one task.
     *
     * @throws CellFailure with cause YOURS where there is none
     */
    public Source prompt(String method, String task) {
        return prompts().stream()
                .filter(prompt -> prompt.name().equals(task))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "%s is to start from the prompt of %s, and the sources are %s. Maybe from: one of them.",
                        method,
                        task,
                        prompts().isEmpty()
                                ? "none"
                                : String.join(
                                        ", ",
                                        prompts().stream().map(Source::name).toList())));
    }

    /** What several tasks have learned together by a method. */
    public Optional<Source> shared() {
        return sources.stream()
                .filter(source -> source.kind().equals(Source.SHARED))
                .findFirst();
    }
}
