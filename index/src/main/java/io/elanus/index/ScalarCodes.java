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
/// sums      i32[count][2]              of the codes of a row, and of their squares
/// codes     u8[count][bytes of a row]  a byte a value; or the first values in the lower halves of the bytes and the others
///                                      in the upper ones; 0 up to the next multiple of 64 bytes
/// ```
/// All distances come from squared differences of codes: [CodeTerms].
record ScalarCodes(
    CodeScale scale,
    Metric metric,
    int dimension,
    MemorySegment section,
    MemorySegment rows,
    CodeKernel kernel)
    implements Scoring {
  private static final int START_BYTES = 64;
  private static final int SUMS_BYTES = 8;

  /// Of the section.
  static long bytes(Quantization quantization, int dimension, int count) {
    return quantization.coded()
        ? codesStart(count) + (long) quantization.rowBytes(dimension) * count
        : 0;
  }

  private static long codesStart(int count) {
    return START_BYTES + align((long) SUMS_BYTES * count);
  }

  /// Fills `section` with the codes of `vectors`, those of row `i` as number `places[i]`. Rows are read in their order, whoever reads them.
  static void write(
      MemorySegment section,
      Quantization quantization,
      Metric metric,
      DenseVectors vectors,
      int[] places,
      BuildControl control) {
    CodeScale scale = CodeScale.of(vectors, metric, quantization);
    section.set(INT, 0, quantization.bits());
    section.set(FLOAT, 4, scale.low());
    section.set(FLOAT, 8, scale.step());
    long start = codesStart(places.length);
    int rowBytes = quantization.rowBytes(vectors.dimension());
    new BuildCrew(control, places.length)
        .run(() -> {
          RowValues values = new RowValues(vectors, metric);
          CodedRow coded = new CodedRow(quantization, vectors.dimension());
          return row -> {
            coded.take(values.of(row), scale);
            long sums = START_BYTES + (long) SUMS_BYTES * places[row];
            section.set(INT, sums, (int) coded.sum());
            section.set(INT, sums + 4, (int) coded.squares());
            coded.pack(section, start + (long) rowBytes * places[row], rowBytes);
          };
        });
  }

  /// Uses `section` in place. Throws IndexCorruptException unless it has codes of `quantization`.
  static ScalarCodes read(
      MemorySegment section, Quantization quantization, Metric metric, int dimension, int count) {
    int bits = section.get(INT, 0);
    verify(bits == quantization.bits(), "codes of %d bits, expected %d", bits, quantization.bits());
    CodeScale scale = new CodeScale(quantization, section.get(FLOAT, 4), section.get(FLOAT, 8));
    verify(scale.isSane(), "impossible values in %s", scale);
    int rowBytes = quantization.rowBytes(dimension);
    MemorySegment rows = section.asSlice(codesStart(count), (long) rowBytes * count);
    return new ScalarCodes(
        scale, metric, dimension, section, rows, CodeKernel.of(rows, rowBytes, bits));
  }

  /// A query that the rows' scale does not fit, and every one whose products are wanted, gets a scale of its own.
  @Override
  public Scorer from(float[] query) {
    Checks.requireDimension(query, dimension);
    Quantization quantization = scale.quantization();
    float[] values = RowValues.ofQuery(query, metric);
    boolean alike = metric == Metric.L2 && scale.fits(values);
    CodeScale own = alike ? scale : CodeScale.covering(quantization, values);
    CodedRow coded = new CodedRow(quantization, dimension);
    coded.take(values, own);
    return new CodeScorer(this, coded.codes(), terms(own, coded.sum(), coded.squares()));
  }

  @Override
  public AimedScorer fromRows() {
    byte[] codes = new byte[scale.quantization().codes(dimension)];
    return new CodeScorer(this, codes, terms(scale, 0, 0));
  }

  /// From a query of such codes to the rows.
  CodeTerms terms(CodeScale query, long sum, long squares) {
    return CodeTerms.of(metric, query, scale, sum, squares, dimension);
  }

  /// Of the codes of a row.
  int sum(int ordinal) {
    return section.get(INT, START_BYTES + (long) SUMS_BYTES * ordinal);
  }

  /// Of the squares of the codes of a row.
  int squares(int ordinal) {
    return section.get(INT, START_BYTES + (long) SUMS_BYTES * ordinal + 4);
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
}
