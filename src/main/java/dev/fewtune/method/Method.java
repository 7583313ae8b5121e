package dev.fewtune.method;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.Settings;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.types.family.TFloating;

/** One way of fine-tuning. */
public interface Method {
    MethodSpec spec();

    /** @param settings checked against {@link MethodSpec#settings()} and completed by the defaults */
    <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings);

    /**
     * The same for a method that looks at what earlier steps have learned, or at the tasks of the examples.
     *
     * @throws dev.fewtune.spec.CellFailure with cause YOURS where something is not given, or does not fit
     */
    default <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings, Given given) {
        return graft(vars, settings);
    }

    /**
     * Whether it looks at what earlier steps have learned.
     *
     * @param settings as given
     */
    default boolean takesSources(Map<String, Object> settings) {
        return false;
    }

    /** Whether all examples of a batch must be of one task. */
    default boolean oneTaskPerBatch() {
        return false;
    }

    /** Whether the gradients that it gives are those of its loss, so that finite differences agree. */
    default boolean smooth() {
        return true;
    }

    /** Whether nothing but the head is meant to train; any other method that finds nothing does not apply. */
    default boolean headAlone() {
        return false;
    }

    /** How it stands in a folder of HF PEFT; empty where PEFT has no such method. */
    default Optional<PeftForm> peft() {
        return Optional.empty();
    }
}
