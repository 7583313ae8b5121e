package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.TinyBert;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TFloat64;

/** Methods that end as a plain prompt, at values that no training has smoothed. */
class CollapseTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "dpt, ''",
        "lopt, form=product",
        "lopt, form=projection",
        "residual-prompt, ''",
        "residual-prompt, shared=false",
        "residual-prompt, norm=false",
        "p-tuning, ''",
        "p-tuning, network=mlp",
        "lamp, ''",
        "lamp, composer=circular;pool=1",
        "superpos, ''",
        "superpos, basis=per-row",
        "ulpt, projections=2",
    })
    void computesTheSameAsThePlainPromptThatItCollapsesTo(String name, String given) throws IOException {
        assertCollapses(name, given, "prompt-tuning");
    }

    @Test
    void computesTheSameAsThePlainKeysAndValuesThatItCollapsesTo() throws IOException {
        assertCollapses("prefix-tuning", "", "p-tuning-v2");
    }

    /** Of the rank of both starts and ends together. */
    @Test
    void computesTheSameAsTheLoraThatPissaCollapsesTo() throws IOException {
        assertCollapses("pissa", "", "lora", Map.of("rank", 16L, "alpha", 16.0));
    }

    private void assertCollapses(String name, String given, String plainName) throws IOException {
        assertCollapses(name, given, plainName, Map.of());
    }

    /** @param settings of the plain one; its length where there are none */
    private void assertCollapses(String name, String given, String plainName, Map<String, Object> settings)
            throws IOException {
        TinyBert tiny = new TinyBert();
        Contract contract = new Contract(tiny, new WeightFiles(folder).of(tiny), folder);
        Method method = Methods.named(name);
        Method plain = Methods.named(plainName);
        Batch batch = Samples.batch(0, 8);
        try (Learner<TFloat64> learner = contract.predictor(method, settings(method, given), 1)) {
            learner.restore(file(shaken(learner.values(learner.model().vars().trained()))));
            List<Safetensors.Entry> collapsed = learner.collapsed();
            double[][] expected = learner.predict(batch);
            Map<String, Object> same =
                    settings.isEmpty() ? Map.of("length", collapsed.get(0).shape()[0]) : settings;
            try (Learner<TFloat64> other =
                    contract.predictor(plain, Settings.of(plain.spec().settings(), same), 1)) {
                other.restore(file(collapsed));
                double[][] found = other.predict(batch);
                for (int row = 0; row < expected.length; row++) {
                    assertThat(found[row]).containsExactly(expected[row], Offset.offset(1e-10));
                }
            }
        }
    }

    private static Settings settings(Method method, String given) {
        Map<String, Object> values = new HashMap<>(Contract.settings(method).values());
        for (String pair : given.isEmpty() ? new String[0] : given.split(";")) {
            String value = pair.substring(pair.indexOf('=') + 1);
            values.put(pair.substring(0, pair.indexOf('=')), typed(value));
        }
        return Settings.of(method.spec().settings(), values);
    }

    private static Object typed(String value) {
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        return value.matches("\\d+") ? (Object) Long.valueOf(value) : value;
    }

    /** Moves every number, so that no part is still at a start where it has no effect. */
    private static List<Safetensors.Entry> shaken(List<Safetensors.Entry> entries) {
        List<Safetensors.Entry> moved = new ArrayList<>();
        for (Safetensors.Entry entry : entries) {
            ByteBuffer bytes = entry.bytes().order(ByteOrder.LITTLE_ENDIAN);
            KeyedRandom random = new KeyedRandom(3, entry.name());
            for (int at = 0; at < bytes.capacity(); at += 8) {
                bytes.putDouble(at, bytes.getDouble(at) + 0.3 * random.nextGaussian());
            }
            moved.add(entry);
        }
        return moved;
    }

    private Safetensors file(List<Safetensors.Entry> entries) throws IOException {
        Path file = folder.resolve("values.safetensors");
        Safetensors.write(file, entries);
        return Safetensors.open(file);
    }
}
