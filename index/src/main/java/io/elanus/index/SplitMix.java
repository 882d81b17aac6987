package io.elanus.index;

import java.util.random.RandomGenerator;

/// The generator SplitMix64 (Steele, Lea and Flood, 2014): the same seed draws the same numbers, on every machine and
/// for ever. One thread.
final class SplitMix implements RandomGenerator {
  private final long seed;
  private long next;

  SplitMix(long seed) {
    this.seed = seed;
  }

  @Override
  public long nextLong() {
    return draw(seed, next++);
  }

  /// The `n`-th number, from 0.
  static long draw(long seed, long n) {
    long z = seed + (n + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
