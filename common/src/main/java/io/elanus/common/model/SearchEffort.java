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
  /// @param refine of an index of codes: rows scored by their vectors for each one wanted
  record Candidates(int count, float refine) implements SearchEffort {}

  /// Through lists.
  ///
  /// @param count of the nearest ones
  /// @param refine as of [Candidates]
  record Lists(int count, float refine) implements SearchEffort {}

  /// At the rows whose MinHash signatures have a band in common with the query's.
  ///
  /// @param jaccard whether they are ranked by the part of their elements that are equal; else they are all alike
  record Bands(int elementBytes, int count, boolean jaccard) implements SearchEffort {}
}
