package io.elanus.common.model;

/// The vector index that is built for what a user asked for, all defaults filled in.
public sealed interface ResolvedIndex {
  Metric metric();

  /// For people, in logs and `status`: the structure, and what a search reads of a row.
  default String text() {
    return switch (this) {
      case Flat _, FlatMinHash _ -> "scan of all rows";
      case Ivf(Metric _, int lists, Codes codes) ->
          "at most %d lists%s".formatted(lists, codes.text);
      case Hnsw(Metric _, int m, int _, Codes codes, Breadth _) ->
          "graph, M %d%s".formatted(m, codes.text);
      case Paged(Metric _, int maxDegree, int _) ->
          "graph in pages, at most %d links, codes of a bit a value".formatted(maxDegree);
      case Sparse _ -> "rows of each term";
      case MinHash(int _, int bands) -> "rows of each of %d bands".formatted(bands);
    };
  }

  /// What a search reads of a row that is not among the best: the vector, or codes of so much a value.
  enum Codes {
    NONE(""),
    BYTES(", codes of seven bits a value"),
    HALF_BYTES(", codes of four bits a value"),
    /// In lists only.
    BITS(", codes of a bit a value");

    private final String text;

    Codes(String text) {
      this.text = text;
    }
  }

  /// No structure: every search compares with every row.
  record Flat(Metric metric) implements ResolvedIndex {}

  /// Lists of vectors that are near to each other.
  ///
  /// @param lists at most so many
  record Ivf(Metric metric, int lists, Codes codes) implements ResolvedIndex {}

  /// The rows of each term, over sparse vectors.
  record Sparse(Metric metric) implements ResolvedIndex {}

  /// The rows by bands of their MinHash signatures.
  ///
  /// @param bands of equal length; the elements left over are in none
  record MinHash(int elementBytes, int bands) implements ResolvedIndex {
    @Override
    public Metric metric() {
      return Metric.MHJACCARD;
    }
  }

  /// No structure over MinHash signatures: every search compares with every row.
  ///
  /// @param elements of a signature
  record FlatMinHash(int elementBytes, int elements) implements ResolvedIndex {
    @Override
    public Metric metric() {
      return Metric.MHJACCARD;
    }
  }

  /// What says how many candidates a search of a graph keeps.
  enum Breadth {
    /// `ef`; not below the number of results.
    EF,
    /// `ef`; below the number of results it says nothing.
    LOOSE_EF
  }

  /// A graph.
  ///
  /// @param m links of a node
  /// @param efConstruction candidates kept while a node's place is searched
  record Hnsw(Metric metric, int m, int efConstruction, Codes codes, Breadth breadth)
      implements ResolvedIndex {}

  /// A graph for searches that read it page by page.
  ///
  /// @param maxDegree links of a node, at most
  /// @param efConstruction candidates kept while a node's place is searched
  record Paged(Metric metric, int maxDegree, int efConstruction) implements ResolvedIndex {}
}
