package io.elanus.common.model;

/// How hard a search is to look, in the words of the index it goes through.
public sealed interface SearchEffort {
  /// At every row.
  record All() implements SearchEffort {}

  /// By the terms of a sparse query but those that weigh least.
  ///
  /// @param dropRatio so many of them are left out; above 0 and below 1
  record Terms(float dropRatio) implements SearchEffort {}

  /// Along a graph.
  ///
  /// @param count nearest rows that are kept on the way
  record Candidates(int count) implements SearchEffort {}

  /// Through lists.
  ///
  /// @param count of the nearest ones
  record Lists(int count) implements SearchEffort {}
}
