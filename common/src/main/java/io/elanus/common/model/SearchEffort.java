package io.elanus.common.model;

/// How hard a search is to look, in the words of the index it goes through.
public sealed interface SearchEffort {
  /// At every row.
  record All() implements SearchEffort {}

  /// Along a graph.
  ///
  /// @param count nearest rows that are kept on the way
  /// @param refine of an index of codes: rows scored by their vectors for each one wanted
  record Candidates(int count, float refine) implements SearchEffort {}

  /// Through lists.
  ///
  /// @param count of the nearest ones
  /// @param refine as of [Candidates]
  record Lists(int count, float refine) implements SearchEffort {}
}
