package io.elanus.common.model;

/// How hard a search is to look, in the words of the index it goes through.
public sealed interface SearchEffort {
  /// At every row.
  record All() implements SearchEffort {}

  /// Along a graph.
  ///
  /// @param count nearest rows that are kept on the way
  record Candidates(int count) implements SearchEffort {}

  /// Through lists.
  ///
  /// @param count of the nearest ones
  record Lists(int count) implements SearchEffort {}
}
