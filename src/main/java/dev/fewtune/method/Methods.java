package dev.fewtune.method;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import java.util.List;

/** The methods, in the order of their names. */
public final class Methods {
    public static final List<Method> ALL = List.of(
            new AdaLora(),
            new AdapterDrop(),
            new Adept(),
            new Attempt(),
            new BitFit(),
            new Boft(),
            new Compacter(),
            new CompacterPlus(),
            new Dept(),
            new Dora(),
            new Dpt(),
            new Ept(),
            new FourierFt(),
            new Full(),
            new HeadOnly(),
            new Houlsby(),
            new HyperFormer(),
            new Ia3(),
            new Krona(),
            new Lamp(),
            new LnTuning(),
            new Loha(),
            new Lokr(),
            new Lopt(),
            new Lora(),
            new LoraPlus(),
            new Lst(),
            new Mam(),
            new Mpt(),
            new Oft(),
            new ParallelAdapter(),
            new Pfeiffer(),
            new Pissa(),
            new PrefixTuning(),
            new PromptTuning(),
            new PTuning(),
            new PTuningV2(),
            new ResidualPrompt(),
            new RsLora(),
            new Smop(),
            new Spot(),
            new SuperPos(),
            new ThresholdMask(),
            new Ulpt(),
            new UniPelt(),
            new Vera(),
            new XPrompt());

    private Methods() {}

    public static List<MethodSpec> specs() {
        return ALL.stream().map(Method::spec).toList();
    }

    /** @throws CellFailure with cause YOURS for an unknown name */
    public static Method named(String name) {
        return ALL.stream()
                .filter(method -> method.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> CellFailure.yours(
                        "There is no method %s; there are %s.",
                        name,
                        String.join(", ", specs().stream().map(MethodSpec::name).toList())));
    }
}
