package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;

import io.elanus.index.kernel.SignCoder;
import java.lang.foreign.MemorySegment;

/// Encodes the neighbours of each row of a finished graph, relative to the row.
///
/// With c the row, x a neighbour, r = x - c, m the mean of all rows (all of them rotated, and of length 1 for COSINE), s_i 1
/// where r_i >= 0 and else -1, and q a query, `<q - c, r>` is about `factor (<s, q - m> - <s, c - m>)`, factor being
/// `|r|^2 / sum(|r_i|)`: the nearer the query is to c, the less the bits can err. So the distance of x follows from that of c:
///
/// ```
/// L2         |q - c|^2 + add - 2 factor <s, q - m>     add = |r|^2 + 2 factor <s, c - m>
/// products   -<q, c>   + add -   factor <s, q - m>     add = factor <s, c - m> - <c, r>
/// ```
/// Source: Gao and Long, RaBitQ, 2024; Gou and others, SymphonyQG, 2025.
final class LinkedBitsWriter {
  private final HnswHeader header;
  private final MemorySegment file;
  private final MemorySegment rotated;
  private final float[] mean;
  private final SignCoder coder;
  private final float[] own;
  private final float[] neighbour;

  private LinkedBitsWriter(
      HnswHeader header, MemorySegment file, MemorySegment rotated, float[] mean) {
    this.header = header;
    this.file = file;
    this.rotated = rotated;
    this.mean = mean;
    this.coder = new SignCoder(mean.length);
    this.own = new float[mean.length];
    this.neighbour = new float[mean.length];
  }

  /// Fills the records of `file`, whose links are there. Needs as much memory as `vectors` of float32 have.
  static void write(
      HnswHeader header, MemorySegment file, DenseVectors vectors, BuildControl control) {
    int size = Rotation.size(header.dimension());
    MemorySegment rotated =
        control.memory().allocate(Math.max(64, 4L * size * header.count()), IndexFile.ALIGNMENT);
    rotate(header, vectors, rotated, control.part(0, 2));
    LinkedMean mean = mean(rotated, size, header.count());
    mean.write(header.codes(file));
    new BuildCrew(control.part(1, 2), header.count())
        .run(() -> new LinkedBitsWriter(header, file, rotated, mean.values())::encode);
  }

  private static void rotate(
      HnswHeader header, DenseVectors vectors, MemorySegment rotated, BuildControl control) {
    Rotation rotation = header.rotation();
    new BuildCrew(control, header.count())
        .run(() -> {
          RowValues rows = new RowValues(vectors, header.metric());
          return row -> {
            float[] values = rotation.apply(rows.of(row));
            MemorySegment.copy(values, 0, rotated, FLOAT, 4L * values.length * row, values.length);
          };
        });
  }

  /// Of the rows that have one.
  private static LinkedMean mean(MemorySegment rotated, int size, int count) {
    double[] sums = new double[size];
    double lengths = 0;
    int counted = 0;
    float[] row = new float[size];
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(rotated, FLOAT, 4L * size * i, row, 0, size);
      double squares = 0;
      for (float value : row) {
        squares += (double) value * value;
      }
      if (Double.isFinite(squares)) {
        for (int d = 0; d < size; d++) {
          sums[d] += row[d];
        }
        lengths += Math.sqrt(squares);
        counted++;
      }
    }
    float[] mean = new float[size];
    for (int d = 0; d < size && counted > 0; d++) {
      mean[d] = (float) (sums[d] / counted);
    }
    return new LinkedMean(counted == 0 ? 0 : (float) (lengths / counted), mean);
  }

  private void encode(int row) {
    LinkedBits shape = header.linkedBits();
    long at = header.baseStart() + header.baseStride() * row;
    load(row, own);
    for (int number = 0; number < shape.degree(); number++) {
      int link = shape.link(file, at, number);
      if (link == HnswLinks.END) {
        return;
      }
      load(link, neighbour);
      coder.encode(neighbour, own, mean);
      shape.storeBits(file, at, number, coder.code());
      float factor = header.metric() == Metric.L2 ? 2 * coder.factor() : coder.factor();
      float rest = header.metric() == Metric.L2 ? coder.squares() : 0f - coder.product();
      shape.store(file, at, number, rest + factor * coder.signed(), factor, factor * coder.set());
    }
  }

  private void load(int row, float[] values) {
    MemorySegment.copy(rotated, FLOAT, 4L * values.length * row, values, 0, values.length);
  }
}
