package io.elanus.index;

/// How hard to search.
public sealed interface SearchParams {
  /// As many rows as are wanted, or more, if the codes of the index need it.
  float NO_REFINE = 1;

  /// How many rows an index of codes scores by their vectors for each one wanted; >= 1.
  default float refine() {
    return NO_REFINE;
  }

  /// Score every accepted row: the true nearest neighbours.
  record Exact() implements SearchParams {}

  /// Walk the graph to its end, whatever it costs and however few rows are accepted: what the choice of [Hnsw] between
  /// walk and scan is held against. An index without a graph takes it as [Hnsw].
  record Walk(int ef) implements SearchParams {
    public Walk {
      Checks.require(ef >= 1, "ef %d is below 1", ef);
    }
  }

  /// Choose rows without the terms of a sparse query that weigh least, `dropRatio` of them; what is chosen is scored with
  /// all terms. 0 is exact. Other indexes keep as many candidates, or look through as many lists, as by default.
  record Sparse(float dropRatio) implements SearchParams {
    public Sparse {
      Checks.require(
          dropRatio >= 0 && dropRatio < 1, "ratio %s of dropped terms is not in [0, 1)", dropRatio);
    }
  }

  /// Look through the `probes` lists nearest to the query. More finds more and costs more. An index without lists
  /// keeps as many candidates as by default, or scans.
  record Ivf(int probes, float refine) implements SearchParams {
    public static final int DEFAULT_PROBES = 8;

    public Ivf(int probes) {
      this(probes, NO_REFINE);
    }

    public Ivf {
      Checks.require(probes >= 1, "probes %d is below 1", probes);
      Checks.require(refine >= 1, "refine %s is below 1", refine);
    }
  }

  /// Walk the graph keeping the `ef` nearest rows met; `ef` is raised to k, over codes to 1.5 k (seven bits), 4 k (four) or 2.5 k (one bit
  /// beside the links), and over codes of seven and four to `refine` k. More finds more and costs more. An index without a graph looks through as many lists as by default, or scans.
  record Hnsw(int ef, float refine) implements SearchParams {
    /// At the 10 results that are asked for most, less would miss too many.
    public static final int DEFAULT_EF = 64;

    public Hnsw(int ef) {
      this(ef, NO_REFINE);
    }

    /// Whether a graph over codes of `count` vectors is walked for the `k` nearest of the accepted ones; if not, scoring those costs less.
    public boolean walks(Quantization codes, int k, int count, AcceptedRows accepted) {
      int candidates = codes.candidates(k, refine);
      int refined = codes.refined(k, refine);
      return SearchPlan.of(this, k, candidates, refined, count, accepted)
          instanceof SearchPlan.Walk;
    }

    public Hnsw {
      Checks.require(ef >= 1, "ef %d is below 1", ef);
      Checks.require(refine >= 1, "refine %s is below 1", refine);
    }
  }

  /// Look at rows whose MinHash signatures, read as [Signatures] are, share a band with the query's. Other indexes keep as many
  /// candidates, or look through as many lists, as by default.
  record Bands(int elementBytes, int bands, Likeness likeness) implements SearchParams {}
}
