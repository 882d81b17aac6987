package io.elanus.index;

/// An index over the vectors of a field, dense or sparse. Immutable; any number of threads may search at once.
public sealed interface Index permits SparseIndex, VectorIndex {
  int count();

  Metric metric();
}
