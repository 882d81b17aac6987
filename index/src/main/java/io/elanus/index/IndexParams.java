package io.elanus.index;

/// What to build.
public sealed interface IndexParams {
  /// No structure at all: every search scans.
  record Flat(Metric metric) implements IndexParams {}

  /// The rows of each term, over sparse vectors.
  record Sparse() implements IndexParams {}

  /// The rows of each value that a band of MinHash signatures has, over vectors of bits; as [Signatures] are read.
  record MinHash(int elementBytes, int bands) implements IndexParams {}

  /// Lists of vectors that are near to each other.
  ///
  /// - `lists`: at most so many; 1 to 65,536. Where vectors are few, there are less.
  /// - `seed`: draws what the lists' centres are found from. The same seed and vectors give the same file byte for
  ///   byte, whatever the number of threads.
  /// - `quantization`: what lies in the lists.
  record Ivf(Metric metric, int lists, Quantization quantization, long seed)
      implements IndexParams {
    public static final int MAX_LISTS = 65_536;

    /// Of vectors.
    public Ivf(Metric metric, int lists, long seed) {
      this(metric, lists, Quantization.NONE, seed);
    }

    public Ivf {
      Checks.require(
          lists >= 1 && lists <= MAX_LISTS, "lists %d is not in 1..%d", lists, MAX_LISTS);
    }
  }

  /// A hierarchical navigable small world graph.
  ///
  /// - `m`: links of a node on the upper levels, and half of those on level 0; 2 to 2048.
  /// - `efConstruction`: how many candidates are kept while the place of a new node is searched; >=
  ///   1.
  /// - `seed`: draws the level of every node. The same seed and vectors, built by one thread, give
  ///   the same file byte for byte, on processors whose vectors are as wide.
  /// - `quantization`: what walks look at.
  record Hnsw(Metric metric, int m, int efConstruction, Quantization quantization, long seed)
      implements IndexParams {
    public static final int MIN_M = 2;
    public static final int MAX_M = 2048;

    /// Of vectors.
    public Hnsw(Metric metric, int m, int efConstruction, long seed) {
      this(metric, m, efConstruction, Quantization.NONE, seed);
    }

    /// The same with other codes.
    Hnsw with(Quantization other) {
      return new Hnsw(metric, m, efConstruction, other, seed);
    }

    public Hnsw {
      Checks.require(m >= MIN_M && m <= MAX_M, "m %d is not in %d..%d", m, MIN_M, MAX_M);
      Checks.require(efConstruction >= 1, "efConstruction %d is below 1", efConstruction);
    }
  }

  /// A graph for searches that read it from a disk: all that a walk needs of a row lies on one page, or on as few as it takes.
  /// Nothing but the page cache has to be in memory.
  ///
  /// - `maxDegree`: links of a row, at most: as many as its pages have room for; 32 to 512.
  /// - `efConstruction`, `seed`: as of [Hnsw].
  record Paged(Metric metric, int maxDegree, int efConstruction, long seed) implements IndexParams {
    public static final int MIN_DEGREE = 32;
    public static final int MAX_DEGREE = 512;

    public Paged {
      Checks.require(
          maxDegree >= MIN_DEGREE && maxDegree <= MAX_DEGREE,
          "maxDegree %d is not in %d..%d",
          maxDegree,
          MIN_DEGREE,
          MAX_DEGREE);
      Checks.require(efConstruction >= 1, "efConstruction %d is below 1", efConstruction);
    }
  }
}
