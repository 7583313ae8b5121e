package dev.fewtune.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewtune.spec.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoiseTest {
    private static final int END = 1;
    private static final int[] SENTINELS =
            IntStream.range(0, 100).map(i -> 32099 - i).toArray();
    private final SpanCorruption spans = new SpanCorruption(0.15, 3, SENTINELS, END);

    @Test
    void hasTheLengthsOfTheReleasedT5() {
        assertThat(spans.blockLength(512)).isEqualTo(568);
        assertThat(spans.targetLength(512)).isEqualTo(114);
    }

    @Test
    void puttingTheSpansBackGivesTheBlock() {
        for (int seed = 0; seed < 200; seed++) {
            KeyedRandom random = new KeyedRandom(seed, "block");
            int[] block = IntStream.range(0, 2 + random.nextInt(200))
                    .map(i -> 2 + random.nextInt(1000))
                    .toArray();
            Noised noised = spans.of(block, random);
            assertThat(together(noised)).isEqualTo(Arrays.stream(block).boxed().toList());
        }
    }

    @Test
    void takesOutTheShareThatIsAskedForInSpansOfTheMeanLength() {
        int[] block = IntStream.range(0, 400).map(i -> i + 2).toArray();
        Noised noised = spans.of(block, new KeyedRandom(7, "one"));
        long marks = Arrays.stream(noised.target()).filter(spans::marks).count();
        assertThat(noised.target().length - marks).isEqualTo(60);
        assertThat(marks - 1).isEqualTo(20);
    }

    @Test
    void drawsTheSameSpansForTheSameSeedAndOthersForAnother() {
        int[] block = IntStream.range(0, 100).map(i -> i + 2).toArray();
        Noised once = spans.of(block, new KeyedRandom(3, "x"));
        assertThat(spans.of(block, new KeyedRandom(3, "x")).input()).isEqualTo(once.input());
        assertThat(spans.of(block, new KeyedRandom(4, "x")).input()).isNotEqualTo(once.input());
    }

    @Test
    void neverUsesMoreSentinelsThanThereAre() {
        SpanCorruption few = new SpanCorruption(0.5, 1, new int[] {900, 901}, END);
        int[] block = IntStream.range(0, 60).map(i -> i + 2).toArray();
        Noised noised = few.of(block, new KeyedRandom(1, "few"));
        assertThat(Arrays.stream(noised.input()).filter(token -> token >= 900).boxed())
                .containsExactly(900, 901);
    }

    @Test
    void hidesAsManyWordsAsAskedForAndAsksForNoOther() {
        MaskedWords words = new MaskedWords(0.15, 101, 102, 103, 30000);
        int[] block = IntStream.range(0, 20_000).map(i -> 1000 + i).toArray();
        Noised noised = words.of(block, new KeyedRandom(5, "mask"));
        int asked = 0;
        int masked = 0;
        int kept = 0;
        for (int i = 0; i < block.length; i++) {
            int target = noised.target()[i + 1];
            if (target == Noised.NOTHING) {
                assertThat(noised.input()[i + 1]).isEqualTo(block[i]);
                continue;
            }
            assertThat(target).isEqualTo(block[i]);
            asked++;
            masked += noised.input()[i + 1] == 103 ? 1 : 0;
            kept += noised.input()[i + 1] == block[i] ? 1 : 0;
        }
        assertThat(asked / 20_000.0).isCloseTo(0.15, within(0.01));
        assertThat(masked / (double) asked).isCloseTo(0.8, within(0.03));
        assertThat(kept / (double) asked).isCloseTo(0.1, within(0.02));
        assertThat(noised.input()[0]).isEqualTo(101);
        assertThat(noised.target()[0]).isEqualTo(Noised.NOTHING);
        assertThat(noised.input()[noised.input().length - 1]).isEqualTo(102);
    }

    @Test
    void asksForAtLeastOneWord() {
        MaskedWords words = new MaskedWords(1e-9, 101, 102, 103, 30000);
        Noised noised = words.of(new int[] {7, 8, 9}, new KeyedRandom(5, "none"));
        assertThat(Arrays.stream(noised.target()).filter(t -> t != Noised.NOTHING))
                .hasSize(1);
    }

    private List<Integer> together(Noised noised) {
        List<Integer> all = new ArrayList<>();
        for (int token : noised.input()) {
            if (token == END) {
                continue;
            }
            if (!spans.marks(token)) {
                all.add(token);
                continue;
            }
            int at = indexOf(noised.target(), token) + 1;
            while (!spans.marks(noised.target()[at])) {
                all.add(noised.target()[at++]);
            }
        }
        return all;
    }

    private static int indexOf(int[] tokens, int token) {
        return IntStream.range(0, tokens.length)
                .filter(i -> tokens[i] == token)
                .findFirst()
                .orElseThrow();
    }
}
