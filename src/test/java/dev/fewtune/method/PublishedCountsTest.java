package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.backbone.Geometries;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Layers;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Numbers of trained parameters, the method's own and those of layer norms beside them, are those of the papers, of
 * PEFT and of AdapterHub on the same networks.
 */
class PublishedCountsTest {
    private static final String ALL_LINEAR = "query+key+value+attention_output+gate+intermediate+output"
            + "+cross_query+cross_key+cross_value+cross_attention_output";

    @ParameterizedTest
    @CsvSource({
        "full, '', 222903552, 0",
        "bitfit, '', 202752, 0",
        "ln-tuning, '', 47616, 0",
        "lora, '', 884736, 0",
        "lora, rank=32, 3538944, 0",
        "lora, targets=" + ALL_LINEAR + ", 3244032, 0",
        "rslora, '', 884736, 0",
        "lora+, '', 884736, 0",
        "pissa, '', 884736, 0",
        "dora, '', 940032, 0",
        "ia3, '', 129024, 0",
        // The published 3878712 have six gates that do nothing.
        "lst, '', 3878706, 0",
        "lst, skip=0, 5097240, 0",
        "adalora, '', 4868352, 0",
        "vera, '', 73728, 0",
        "loha, '', 1769472, 0",
        "lokr, '', 78336, 0",
        "lokr, factor=8;decompose_both=true, 115200, 0",
        "krona, '', 110592, 0",
        "krona, form=krona-b, 36864, 0",
        "krona, form=krona-b-res, 36888, 0",
        "fourierft, '', 72000, 0",
        "oft, '', 857088, 0",
        "boft, '', 276480, 0",
        "threshold-mask, first_layer=0, 198180864, 0",
        "houlsby, bottleneck=24, 1807488, 47616",
        "houlsby, bottleneck=48, 3578112, 47616",
        "adapterdrop, bottleneck=24;dropped=5, 1054368, 28416",
        "pfeiffer, bottleneck=24, 903744, 0",
        "pfeiffer, bottleneck=48, 1789056, 0",
        "parallel-adapter, bottleneck=384, 14183424, 0",
        "parallel-adapter, bottleneck=512, 18905088, 0",
        "compacter, '', 114112, 47616",
        "compacter, bottleneck=48, 117568, 47616",
        "compacter++, '', 57088, 47616",
        "compacter++, bottleneck=96, 62272, 47616",
        // The papers' numbers have 8 rows of tasks, 448 more.
        "hyperformer, '', 5162992, 47616",
        "hyperformer, granularity=split, 10241312, 47616",
        "hyperformer, granularity=module, 122279104, 47616",
    })
    void ofT5Base(String method, String settings, long own, long norms) {
        assertThat(counted(Geometries.T5_BASE, method, settings)).containsExactly(own, norms);
    }

    @ParameterizedTest
    @CsvSource({
        "bitfit, '', 102144, 0",
        "ln-tuning, '', 38400, 0",
        "lora, '', 294912, 0",
        "dora, '', 313344, 0",
        "ia3, '', 55296, 0",
        "ia3, inputs=output+attention_output, 64512, 0",
        "vera, rank=1024, 43008, 0",
        // Without pooler and classifier, which the paper masks too.
        "threshold-mask, first_layer=2, 70778880, 0",
        "fourierft, '', 24000, 0",
        "houlsby, bottleneck=64, 2379264, 36864",
        "pfeiffer, '', 894528, 0",
        "parallel-adapter, bottleneck=384, 7091712, 0",
        "compacter, '', 57088, 36864",
        "compacter++, '', 28576, 36864",
        // LoRA 294912, adapters 894528, prefixes 401408 + 12 * 787968, gates 48 * 769.
        "unipelt, '', 11083376, 0",
    })
    void ofBertBase(String method, String settings, long own, long norms) {
        assertThat(counted(Geometries.BERT_BASE, method, settings)).containsExactly(own, norms);
    }

    @ParameterizedTest
    @CsvSource({
        "ln-tuning, '', 175104",
        "lora, rank=32, 9175040",
        "dora, rank=32, 9289728",
        "ia3, '', 286720",
        "vera, '', 129024",
        "loha, rank=32, 18350080",
        "lokr, rank=32;factor=4, 2294656",
        "fourierft, '', 56000",
        "oft, block_size=96, 8171520",
        "boft, '', 802816",
        "adalora, rank=64;targets=query+value, 18353664",
    })
    void ofLlama3B(String method, String settings, long own) {
        assertThat(counted(Geometries.LLAMA_3B, method, settings)).containsExactly(own, 0L);
    }

    /** With a row for each of the eight tasks of GLUE, and the norms. */
    @ParameterizedTest
    @CsvSource({
        "hyperformer, '', 5211056",
        "hyperformer, granularity=split, 10289376",
        "hyperformer, granularity=module, 122327168",
    })
    void ofEightTasksOnT5Base(String method, String settings, long all) {
        List<Long> counts = counted(Geometries.T5_BASE, method, settings, 8);
        assertThat(counts.get(0) + counts.get(1)).isEqualTo(all);
    }

    private static List<Long> counted(Geometries network, String name, String given) {
        return counted(network, name, given, 1);
    }

    private static List<Long> counted(Geometries network, String name, String given, int tasks) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Vars<TFloat32> vars = new Vars<>(tf, TFloat32.class);
            Method method = Methods.named(name);
            Settings settings = Settings.of(method.spec().settings(), settings(given));
            Given beside = new Given(
                    List.of(),
                    java.util.Collections.nCopies(tasks, "task"),
                    tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1))));
            Pass<TFloat32> pass = new Pass<>(tf, TFloat32.class, null);
            network.write(
                    new Layers<>(pass, vars, method.graft(vars, settings, beside), 0),
                    tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1))),
                    tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1))));
            return List.of(vars.count(Share.METHOD), vars.count(Share.NORMS));
        }
    }

    /** Pairs after semicolons, lists by plus signs. */
    private static Map<String, Object> settings(String given) {
        Map<String, Object> settings = new HashMap<>();
        Arrays.stream(given.split(";")).filter(pair -> !pair.isEmpty()).forEach(pair -> {
            String[] parts = pair.split("=");
            settings.put(parts[0], typed(parts[0], parts[1]));
        });
        return settings;
    }

    private static Object typed(String name, String value) {
        if (List.of("targets", "inputs").contains(name)) {
            return List.of(value.split("\\+"));
        }
        if (List.of("true", "false").contains(value)) {
            return Boolean.valueOf(value);
        }
        return value.matches("\\d+") ? (Object) Long.valueOf(value) : value;
    }
}
