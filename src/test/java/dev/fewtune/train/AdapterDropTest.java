package dev.fewtune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Precision;
import dev.fewtune.backbone.Safetensors;
import dev.fewtune.backbone.WeightFiles;
import dev.fewtune.graft.Share;
import dev.fewtune.method.Method;
import dev.fewtune.method.Methods;
import dev.fewtune.spec.KeyedRandom;
import dev.fewtune.spec.Settings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat64;

/** One training for any number of lower layers without adapters. */
class AdapterDropTest {
    private static final Method METHOD = Methods.named("adapterdrop");
    private static final Backbone BERT = Texts.backbone("bert");
    private static final int LAYERS = 2;

    @TempDir
    Path folder;

    /** The gradient of an adapter that is left out is zero. */
    @Test
    void leavesOutLowerLayersAloneADifferentNumberOfThemAtEachBatch() {
        try (Learner<TFloat64> learner = learner("robust", 0, new Optimizing(0, 1))) {
            Set<Integer> drawn = new TreeSet<>();
            for (int draw = 0; draw < 12; draw++) {
                Map<String, double[]> gradients = learner.gradients(Samples.batch(0, 8), draw);
                boolean[] acts = new boolean[LAYERS];
                gradients.forEach((name, gradient) -> {
                    if (name.endsWith("adapter_up")) {
                        boolean own = Arrays.stream(gradient).anyMatch(slope -> slope != 0);
                        int layer = Integer.parseInt(name.split("\\.")[1]);
                        acts[layer] |= own;
                    }
                });
                assertThat(acts[LAYERS - 1]).isTrue();
                drawn.add(acts[0] ? 0 : 1);
            }
            assertThat(drawn).containsExactly(0, 1);
            assertThat(learner.model().vars().count(Share.NORMS)).isZero();
        }
    }

    @Test
    void isTheSpecialisedFormOfEachNumberOfLayers() throws Exception {
        try (Learner<TFloat64> robust = learner("robust", 1, null)) {
            Safetensors adapters = shaken(robust);
            robust.restore(adapters);
            double[][] asSet = robust.predict(Samples.batch(0, 8));
            assertThat(robust.levels().orElseThrow().count()).isEqualTo(LAYERS);
            for (int dropped = 0; dropped < LAYERS; dropped++) {
                robust.use(dropped);
                double[][] found = robust.predict(Samples.batch(0, 8));
                assertThat(Arrays.deepEquals(found, asSet)).isEqualTo(dropped == 1);
                try (Learner<TFloat64> special = learner("specialised", dropped, null)) {
                    special.restore(with(special, adapters));
                    double[][] expected = special.predict(Samples.batch(0, 8));
                    for (int row = 0; row < found.length; row++) {
                        assertThat(found[row]).containsExactly(expected[row], Offset.offset(1e-12));
                    }
                }
            }
        }
    }

    private Learner<TFloat64> learner(String form, int dropped, Optimizing optimizing) {
        Map<String, Object> settings = Map.of("form", form, "dropped", (long) dropped, "bottleneck", 3L);
        return new Learner<>(
                TFloat64.class,
                BERT,
                METHOD,
                Settings.of(METHOD.spec().settings(), settings),
                new Model.Task(3, false, "mean", 0, false, 0, 0, Precision.F32, Aim.head()),
                optimizing,
                new WeightFiles(folder).of(BERT),
                1);
    }

    private Safetensors shaken(Learner<TFloat64> learner) throws Exception {
        List<Safetensors.Entry> entries = learner.values(learner.model().vars().trained());
        for (Safetensors.Entry entry : entries) {
            ByteBuffer bytes = entry.bytes().order(ByteOrder.LITTLE_ENDIAN);
            KeyedRandom random = new KeyedRandom(3, entry.name());
            for (int at = 0; at < bytes.capacity(); at += 8) {
                bytes.putDouble(at, bytes.getDouble(at) + 0.3 * random.nextGaussian());
            }
        }
        return file(entries);
    }

    /** The norms of a learner, and the adapters of another one. */
    private Safetensors with(Learner<TFloat64> learner, Safetensors adapters) throws Exception {
        List<Safetensors.Entry> entries = learner.values(learner.model().vars().trained()).stream()
                .map(entry -> adapters.has(entry.name())
                        ? new Safetensors.Entry(entry.name(), entry.type(), entry.shape(), adapters.bytes(entry.name()))
                        : entry)
                .toList();
        return file(entries);
    }

    private Safetensors file(List<Safetensors.Entry> entries) throws Exception {
        Path file = folder.resolve(entries.size() + "-" + System.identityHashCode(entries) + ".safetensors");
        Safetensors.write(file, entries);
        return Safetensors.open(file);
    }
}
