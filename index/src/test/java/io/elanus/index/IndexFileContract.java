package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// An index file over dense vectors.
abstract class IndexFileContract extends IndexBytesContract {
  /// Of [#written].
  abstract DenseVectors vectors();

  @Override
  final void open(MemorySegment file) {
    VectorIndex.map(file, vectors());
  }

  @Test
  void otherVectorsAreRefused() throws IOException {
    MemorySegment file = MemorySegment.ofArray(written());
    int count = vectors().count();
    int dimension = vectors().dimension();
    float[] values = new float[count * dimension];

    assertThatThrownBy(() ->
            VectorIndex.map(
                file, DenseVectors.of(Arrays.copyOf(values, values.length - dimension), dimension)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage(
            "index is over %d vectors of dimension %d of FLOAT32, opened with %d of %d of FLOAT32",
            count, dimension, count - 1, dimension);
    assertThatThrownBy(() ->
            VectorIndex.map(
                file, DenseVectors.of(Arrays.copyOf(values, values.length - count), dimension - 1)))
        .isInstanceOf(IndexCorruptException.class);
  }
}
