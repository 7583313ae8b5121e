package dev.fewtune.train;

import dev.fewtune.spec.BackboneSpec;
import java.util.Map;

/** What stands in the README.md of a folder for others. */
final class Readme {
    private static final Map<String, String> READ = Map.of(
            "cls", "the first token's state",
            "mean", "the mean of the states of all tokens that are no padding",
            "last", "the state of the last token that is no padding");

    private Readme() {}

    static String forPeft(BackboneSpec backbone, TrainRequest request) {
        String head = hasHead(request)
                ? "\nThe head is one linear map with a bias. It reads %s of the last layer; Transformers' own classes for sequence classification read something else.\n"
                        .formatted(read(request))
                : "";
        return "# %s on %s\n\nMade by Fewtune; to be read by HF PEFT on %s.\n%s"
                .formatted(request.method(), request.backbone(), backbone.source(), head);
    }

    /** @param inClass whether the class that config.json names computes the head */
    static String merged(BackboneSpec backbone, TrainRequest request, boolean inClass) {
        String head = "";
        if (hasHead(request)) {
            head = inClass
                    ? "\nThe head is in the class that config.json names. Its dense map is a small multiple of the identity, so that its hyperbolic tangent bends nothing.\n"
                    : "\nThe head is in %s: one linear map, [classes, width], with a bias. It reads %s of the last layer%s, which no class of Transformers does.\n"
                            .formatted(Interchange.HEAD, read(request), stack(backbone));
        }
        return "# %s on %s, merged\n\nMade by Fewtune; to be read by Transformers. The weights are those of %s with what was trained in them.\n%s"
                .formatted(request.method(), request.backbone(), backbone.source(), head);
    }

    private static boolean hasHead(TrainRequest request) {
        return request.aim().objective().equals(Aim.HEAD);
    }

    private static String read(TrainRequest request) {
        return READ.get(request.training().pooling());
    }

    private static String stack(BackboneSpec backbone) {
        return backbone.readsThenWrites() ? " of the encoder" : "";
    }
}
