package dev.fewtune.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewtune.graft.Given;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published and computed counts on the shape of T5-base: width 768, 12 layers, 12 heads of 64. */
class PromptCountsTest {
    private static final int WIDTH = 768;
    private static final int LAYERS = 12;
    private static final int HEADS = 12;

    @ParameterizedTest
    @CsvSource({
        "prompt-tuning, length=100, 76800",
        "dpt, length=100;rank=10, 8680",
        "dpt, length=100;rank=64, 55552",
        "dpt, length=100;rank=256, 222208",
        "lopt, length=20;rank=5, 3940",
        "lopt, length=20;rank=5;form=projection, 7680",
        "residual-prompt, length=10;bottleneck=400, 624784",
        "residual-prompt, length=10;bottleneck=800, 1239584",
        "p-tuning, length=20;network=mlp, 1787136",
        "p-tuning, length=20;hidden=768, 27174144",
        "p-tuning, length=9, 8278272",
        "dept, length=20;rank=60, 76800",
        "dept, length=40;rank=45, 76800",
        "dept, length=60;rank=30, 76800",
        "dept, length=80;rank=15, 76800",
        "dept, length=40;rank=45;max_length=348, 80940",
        "dept, length=40;rank=45;max_length=512, 88320",
        "adept, length=60;rank=19, 76051",
        "ept, length=40;rank=45;spaces=4;inner=16, 178176",
        "lamp, length=100;rank=8, 6952",
        "lamp, length=100;rank=4, 3476",
        "lamp, length=100;rank=10, 8690",
        "lamp, length=100;rank=16, 13904",
        "ulpt, length=100;rank=2, 1736",
        "ulpt, length=100;rank=16, 3136",
        "ulpt, length=100;rank=64, 7936",
        "ulpt, length=100;rank=256, 27136",
        "smop, length=5;prompts=4, 18432",
        "superpos, length=10;sampled=128, 1280",
        "superpos, length=10;sampled=128;basis=shared, 99584",
        "superpos, length=10;sampled=128;basis=per-row, 984320",
        "xprompt, length=20, 15360",
    })
    void trainsAsManyNumbersAsPublished(String method, String given, long expected) {
        try (Bare bare = new Bare(method, settings(given), WIDTH)) {
            assertThat(bare.trained()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "spot, '', 76800",
        "attempt, train_norm=false, 230400",
        "attempt, '', 231936",
        "mpt, length=100, 77668",
    })
    void trainsAsManyNumbersAsPublishedOverSixSources(String method, String given, long expected) {
        try (Bare bare = new Bare(method, settings(given), WIDTH, sixSources(1))) {
            assertThat(bare.trained()).isEqualTo(expected);
            assertThat(bare.before()).isEqualTo(100);
        }
    }

    /** What is shared is divided by the number of tasks. */
    @ParameterizedTest
    @CsvSource({"attempt, '', 96192", "mpt, length=100, 10468"})
    void trainsAsManyNumbersPerTaskAsPublishedForEightTasks(String method, String given, long expected) {
        try (Bare bare = new Bare(method, settings(given), WIDTH, sixSources(8))) {
            assertThat(bare.trained()).isEqualTo(8 * expected);
        }
    }

    private static Given sixSources(int tasks) {
        Made rows = Made.zeros(100, WIDTH);
        List<Source> sources = IntStream.range(0, 6)
                .mapToObj(i -> new Source(Source.PROMPT, "source-" + i, Map.of(Source.ROWS, rows)))
                .toList();
        return new Given(
                sources, IntStream.range(0, tasks).mapToObj(i -> "task-" + i).toList(), null);
    }

    @ParameterizedTest
    @CsvSource({"dpt, length=100;rank=10, 11240", "residual-prompt, length=100;bottleneck=400, 925072"})
    void trainsAsManyNumbersAsPublishedOnTheWidthOfT5Large(String method, String given, long expected) {
        try (Bare bare = new Bare(method, settings(given), 1024)) {
            assertThat(bare.trained()).isEqualTo(expected);
        }
    }

    @Test
    void trainsRowsOfTheEncoderTheDecoderAndTheAttentionBetweenThem() {
        Map<String, Object> settings = Map.of("length", 20L);
        try (Bare plain = new Bare("p-tuning-v2", settings, WIDTH);
                Bare bert = new Bare("p-tuning-v2", settings, WIDTH);
                Bare made = new Bare("prefix-tuning", settings, WIDTH)) {
            for (int layer = 0; layer < LAYERS; layer++) {
                attentions(plain, layer);
                attentions(made, layer);
                bert.attention("encoder", layer, Site.ATTENTION, HEADS, WIDTH / HEADS);
            }
            assertThat(plain.trained()).isEqualTo(1105920);
            assertThat(bert.trained()).isEqualTo(368640);
            long middle = 20 * WIDTH + WIDTH * 512 + 512;
            assertThat(made.trained()).isEqualTo(3 * (middle + (512 + 1) * LAYERS * 2 * WIDTH));
        }
    }

    /** A prefix is as wide as all heads together, which in GPT-2 medium is the width and in T5-11B four times as much. */
    @Test
    void countsTheNetworkOfPublishedPrefixes() {
        try (Bare gpt2 = new Bare("prefix-tuning", Map.of("length", 10L, "middle", 512L), 1024);
                Bare t5 = new Bare("p-tuning-v2", Map.of("length", 20L), 1024)) {
            for (int layer = 0; layer < 24; layer++) {
                gpt2.attention("decoder", layer, Site.ATTENTION, 16, 64);
            }
            t5.attention("encoder", 0, Site.ATTENTION, 32, 128);
            assertThat(gpt2.trained()).isEqualTo(25750016);
            assertThat(t5.trained()).isEqualTo(2 * 20 * 32 * 128);
        }
    }

    private static void attentions(Bare bare, int layer) {
        bare.attention("encoder", layer, Site.ATTENTION, HEADS, WIDTH / HEADS)
                .attention("decoder", layer, Site.ATTENTION, HEADS, WIDTH / HEADS)
                .attention("decoder", layer, Site.CROSS_ATTENTION, HEADS, WIDTH / HEADS);
    }

    private static Map<String, Object> settings(String given) {
        Map<String, Object> settings = new HashMap<>();
        for (String pair : given.isEmpty() ? new String[0] : given.split(";")) {
            String value = pair.substring(pair.indexOf('=') + 1);
            settings.put(pair.substring(0, pair.indexOf('=')), typed(value));
        }
        return settings;
    }

    private static Object typed(String value) {
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        return value.matches("\\d+") ? (Object) Long.valueOf(value) : value;
    }
}
