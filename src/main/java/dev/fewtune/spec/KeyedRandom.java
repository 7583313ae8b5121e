package dev.fewtune.spec;

/**
 * Counter-based random numbers: the n-th number depends only on (seed, purpose, n), so that nothing has to be saved to
 * resume exactly. The mixing function is SplitMix64's finalizer (Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014).
 */
public final class KeyedRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private final long seed;
    private final long key;
    private long counter;

    public KeyedRandom(long seed, String purpose) {
        this.seed = seed;
        long hash = mix(seed + GOLDEN);
        for (int i = 0; i < purpose.length(); i++) {
            hash = mix(hash ^ (purpose.charAt(i) + GOLDEN));
        }
        this.key = hash;
    }

    /** The numbers of another purpose under the same seed, from their first one. */
    public KeyedRandom of(String purpose) {
        return new KeyedRandom(seed, purpose);
    }

    public long nextLong() {
        return mix(key + GOLDEN * ++counter);
    }

    /** Uniform in [0, 1). */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, bound). */
    public int nextInt(int bound) {
        return (int) Long.remainderUnsigned(nextLong(), bound);
    }

    /** Standard normal, by Box and Muller. */
    public double nextGaussian() {
        double radius = Math.sqrt(-2 * Math.log(1 - nextDouble()));
        return radius * Math.cos(2 * Math.PI * nextDouble());
    }

    /** A permutation of 0..n-1, by Fisher and Yates. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
