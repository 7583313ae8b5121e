package dev.fewtune.train;

import dev.fewtune.backbone.Backbone;
import dev.fewtune.backbone.Writer;
import java.util.List;
import java.util.Optional;

/**
 * What a network can do with words.
 *
 * @param writes whether it writes texts
 * @param fills whether it fills masks in texts
 * @param end the token with which it ends a text that it writes; -1 for none
 */
public record Abilities(boolean writes, boolean fills, int end) {
    static Abilities of(Backbone backbone) {
        Optional<Writer> writer = backbone.writer();
        List<Integer> ends = writer.map(known -> known.marks().ends()).orElse(List.of());
        return new Abilities(writer.isPresent(), backbone.filler().isPresent(), ends.isEmpty() ? -1 : ends.get(0));
    }
}
