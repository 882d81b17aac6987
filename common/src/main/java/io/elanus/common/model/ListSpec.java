package io.elanus.common.model;

import java.util.Set;

/// The index types for metrics of lists of vectors, as Milvus has them: what is built is an index over the vectors of all lists
/// (docs/decisions/0142-embedding-lists.md).
final class ListSpec {
  private static final Set<String> GRAPHS = Set.of("HNSW", "HNSW_SQ", "HNSW_PQ", "HNSW_PRQ");
  private static final Set<String> OVER_FLOATS = Set.of("IVF_FLAT", "DISKANN");

  private ListSpec() {}

  /// @param vectors the type of the vectors in the lists
  static boolean fits(String type, DataType vectors) {
    return switch (vectors) {
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR ->
          GRAPHS.contains(type) || OVER_FLOATS.contains(type);
      case INT8_VECTOR -> GRAPHS.contains(type);
      case BINARY_VECTOR -> type.equals("HNSW");
      default -> false;
    };
  }
}
