package dev.fewtune.method;

import java.util.Arrays;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * The numbers that PyTorch's generator on a CPU draws from a seed, for what PEFT does not save: 32 bits of MT19937
 * (Matsumoto, Nishimura 1998) each.
 */
final class TorchRandom {
    private final MersenneTwister bits;

    TorchRandom(int seed) {
        bits = new MersenneTwister(seed);
    }

    /** A permutation of 0..n-1, as torch.randperm; n below 2^32 / 20. */
    int[] permutation(int n) {
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

    /** Uniform in [-bound, bound), as uniform_ of a float32 tensor. */
    double[] uniform(int size, double bound) {
        float from = (float) -bound;
        float range = (float) bound - from;
        double[] values = new double[size];
        Arrays.setAll(values, i -> Math.fma((bits.nextInt() & 0xFFFFFF) * 0x1p-24f, range, from));
        return values;
    }
}
