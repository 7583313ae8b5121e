package dev.fewtune.train;

import dev.fewtune.graft.Made;
import dev.fewtune.graft.Source;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training has beside its own task.
 *
 * @param gifts what earlier steps have learned, in the order of the needs
 * @param members the tasks that are learned together; empty where there is one
 * @param mixing how batches are made of several tasks, one of {@link #MIXINGS}; empty where there is one task
 * @param temperature of {@link #BY_TEMPERATURE}; 0 for other ways
 */
public record Beside(List<Gift> gifts, List<Member> members, String mixing, double temperature) {
    /** Batches of the examples of all tasks, shuffled. */
    public static final String SHUFFLED = "shuffled";
    /** Batches of some tasks that are drawn for each; see {@link TaskSampling}. */
    public static final String STOCHASTIC = "stochastic";
    /** Batches of one task each, drawn by a temperature. */
    public static final String BY_TEMPERATURE = "temperature";

    public static final List<String> MIXINGS = List.of(SHUFFLED, STOCHASTIC, BY_TEMPERATURE);

    public static final Beside NOTHING = new Beside(List.of(), List.of(), "", 0);

    /**
     * What an earlier step has learned, by its content and its shapes.
     *
     * @param kind as in {@link Source}
     * @param name as in {@link Source}
     * @param checksum SHA-256 of its tensors
     */
    public record Gift(String kind, String name, String checksum, Map<String, List<Long>> shapes) {
        public Gift {
            shapes = new LinkedHashMap<>(shapes);
        }

        static Gift of(Source source, String checksum) {
            Map<String, List<Long>> shapes = new LinkedHashMap<>();
            source.tensors()
                    .forEach((name, made) ->
                            shapes.put(name, Arrays.stream(made.shape()).boxed().toList()));
            return new Gift(source.kind(), source.name(), checksum, shapes);
        }

        /** The same shapes with zeros. */
        Source blank() {
            Map<String, Made> tensors = new LinkedHashMap<>();
            shapes.forEach((name, shape) -> tensors.put(
                    name, Made.zeros(shape.stream().mapToLong(Long::longValue).toArray())));
            return new Source(kind, name, tensors);
        }
    }

    /**
     * One of several tasks.
     *
     * @param outputs number of its classes
     */
    public record Member(String task, int outputs) {}

    public Beside {
        gifts = List.copyOf(gifts);
        members = List.copyOf(members);
    }

    static Beside given(List<Gift> gifts) {
        return new Beside(gifts, List.of(), "", 0);
    }

    /** The same tasks with other gifts. */
    Beside with(List<Gift> others) {
        return new Beside(others, members, mixing, temperature);
    }

    /** The number of the first class of a task among the classes of all. */
    public int first(int task) {
        return members.subList(0, task).stream().mapToInt(Member::outputs).sum();
    }
}
