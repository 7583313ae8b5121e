package dev.fewtune.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final List<Example> ALL = IntStream.range(0, 100)
            .mapToObj(i -> new Example("id" + i, "text", null, "a"))
            .toList();

    @Test
    void takesAllInTheirOrderWhereNoneNeedsToGo() {
        assertThat(Sampling.take(ALL, 0, 1)).isEqualTo(ALL);
        assertThat(Sampling.take(ALL, 100, 1)).isEqualTo(ALL);
        assertThat(Sampling.take(ALL, 101, 1)).isEqualTo(ALL);
    }

    @Test
    void takesTheSameWhateverTheOrderOfTheFile() {
        List<Example> turned = new ArrayList<>(ALL);
        Collections.reverse(turned);

        assertThat(Sampling.take(turned, 10, 1)).hasSize(10).isEqualTo(Sampling.take(ALL, 10, 1));
    }

    @Test
    void beginsALargerSampleWithTheSmallerOne() {
        assertThat(Sampling.take(ALL, 20, 1))
                .startsWith(Sampling.take(ALL, 10, 1).toArray(Example[]::new));
    }

    @Test
    void takesOthersForAnotherSeed() {
        assertThat(Sampling.take(ALL, 10, 2)).isNotEqualTo(Sampling.take(ALL, 10, 1));
    }
}
