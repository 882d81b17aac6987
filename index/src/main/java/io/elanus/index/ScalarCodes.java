package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.align;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.CodeKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Codes of some rows, in a section of an index file: what is read of a row until it is among the best.
///
/// ```
/// start  0  i32  bits of a code
///        4  f32  low: the value of code 0
///        8  f32  step: between the values of two codes
///       12  f32  length of a typical row
/// terms     f32[count]                 what a row adds to its distance; inner product and cosine only, else empty
/// codes     u8[count][bytes of a row]  a byte a value; or the first values in the lower halves of the bytes and the others
///                                      in the upper ones; 0 up to the next multiple of 64 bytes
/// ```
/// All distances come from squared differences of codes, S. For L2 the distance is `step^2 S`. A product of two rows of
/// codes is half of what their squares add up to beyond S, and that of their values follows from it.
@SuppressWarnings("ArrayRecordComponent")
record ScalarCodes(
    CodeScale scale,
    Metric metric,
    int dimension,
    float[] terms,
    MemorySegment rows,
    CodeKernel kernel)
    implements Scoring {
  private static final int START_BYTES = 64;

  /// Of the section.
  static long bytes(Quantization quantization, Metric metric, int dimension, int count) {
    return quantization == Quantization.NONE
        ? 0
        : codesStart(metric, count) + (long) quantization.rowBytes(dimension) * count;
  }

  private static long codesStart(Metric metric, int count) {
    return START_BYTES + (metric == Metric.L2 ? 0 : align(4L * count));
  }

  /// Fills `section` with the codes of `vectors`, the i-th those of row `rows[i]`.
  static void write(
      MemorySegment section,
      Quantization quantization,
      Metric metric,
      FloatVectors vectors,
      int[] rows) {
    CodeScale scale = CodeScale.of(vectors, metric, quantization);
    section.set(INT, 0, quantization.bits());
    section.set(FLOAT, 4, scale.low());
    section.set(FLOAT, 8, scale.step());
    section.set(FLOAT, 12, scale.length());
    RowValues values = new RowValues(vectors, metric);
    CodedRow coded = new CodedRow(scale, vectors.dimension());
    long start = codesStart(metric, rows.length);
    int rowBytes = quantization.rowBytes(vectors.dimension());
    for (int i = 0; i < rows.length; i++) {
      coded.take(values.of(rows[i]));
      if (metric != Metric.L2) {
        section.set(FLOAT, START_BYTES + 4L * i, -coded.productTerm());
      }
      coded.pack(section, start + (long) rowBytes * i);
    }
  }

  /// Uses `section` in place. Throws IndexCorruptException unless it has codes of `quantization`.
  static ScalarCodes read(
      MemorySegment section, Quantization quantization, Metric metric, int dimension, int count) {
    int bits = section.get(INT, 0);
    verify(bits == quantization.bits(), "codes of %d bits, expected %d", bits, quantization.bits());
    CodeScale scale =
        new CodeScale(
            quantization, section.get(FLOAT, 4), section.get(FLOAT, 8), section.get(FLOAT, 12));
    verify(scale.isSane(), "impossible values in %s", scale);
    float[] terms = new float[metric == Metric.L2 ? 0 : count];
    MemorySegment.copy(section, FLOAT, START_BYTES, terms, 0, terms.length);
    int rowBytes = quantization.rowBytes(dimension);
    MemorySegment codes = section.asSlice(codesStart(metric, count), (long) rowBytes * count);
    return new ScalarCodes(
        scale, metric, dimension, terms, codes, CodeKernel.of(codes, rowBytes, bits));
  }

  /// How long a query is does not change the order of products: it is made as long as a row, where codes are exact.
  @Override
  public Scorer from(float[] query) {
    Checks.requireDimension(query, dimension);
    float[] values = query.clone();
    if (metric != Metric.L2) {
      RowValues.scale(values, scale.length() * InverseNorms.of(query, 0, dimension));
    }
    CodedRow coded = new CodedRow(scale, dimension);
    coded.take(values);
    return new CodeScorer(this, coded.codes(), metric == Metric.L2 ? 0 : -coded.queryTerm());
  }

  @Override
  public AimedScorer fromRows() {
    return new CodeScorer(this, new byte[scale.quantization().codes(dimension)], 0);
  }

  /// What squared differences of codes are multiplied with.
  float factor() {
    float square = scale.step() * scale.step();
    return metric == Metric.L2 ? square : square / 2;
  }

  /// The codes of a row as a kernel wants its query.
  void unpack(int ordinal, byte[] codes) {
    int rowBytes = scale.quantization().rowBytes(dimension);
    MemorySegment.copy(rows, ValueLayout.JAVA_BYTE, (long) rowBytes * ordinal, codes, 0, rowBytes);
    for (int i = rowBytes; i < codes.length; i++) {
      codes[i] = (byte) (codes[i - rowBytes] >> 4 & 0xf);
      codes[i - rowBytes] &= 0xf;
    }
  }

  /// What a row as the query adds to every distance.
  float queryTerm(int ordinal) {
    return metric == Metric.L2
        ? 0
        : terms[ordinal] - (float) ((double) scale.low() * scale.low() * dimension);
  }
}
