package dev.fewtune.method;

import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import java.util.List;

/** The methods, in the order of their names. */
public final class Methods {
    public static final List<Method> ALL = List.of(
            new AdapterDrop(),
            new BitFit(),
            new Boft(),
            new Compacter(),
            new CompacterPlus(),
            new Dora(),
            new FourierFt(),
            new Full(),
            new HeadOnly(),
            new Houlsby(),
            new HyperFormer(),
            new Ia3(),
            new Krona(),
            new LnTuning(),
            new Loha(),
            new Lokr(),
            new Lora(),
            new LoraPlus(),
            new Oft(),
            new ParallelAdapter(),
            new Pfeiffer(),
            new Pissa(),
            new PromptTuning(),
            new RsLora(),
            new Vera());

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
