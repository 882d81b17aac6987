package io.elanus.index;

/// An index over the vectors of a field, of numbers, of bits or sparse. Immutable; any number of threads may search at once.
public sealed interface Index permits MinHashIndex, SparseIndex, VectorIndex {
  int count();
}
