package dev.fewtune.task;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * The order in which {@code torch.randperm} puts things on a CPU, with which the splits of the papers are made: swaps with
 * what is left, by 32 bits of MT19937 (Matsumoto, Nishimura 1998) each.
 */
final class TorchShuffle {
    private TorchShuffle() {}

    /** A permutation of 0..n-1. */
    static int[] permutation(int n, int seed) {
        MersenneTwister bits = new MersenneTwister(seed);
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        for (int i = 0; i < n - 1; i++) {
            int other = i + Integer.remainderUnsigned(bits.nextInt(), n - i);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }

    static <V> List<V> of(List<V> all, int seed) {
        return Arrays.stream(permutation(all.size(), seed)).mapToObj(all::get).toList();
    }
}
