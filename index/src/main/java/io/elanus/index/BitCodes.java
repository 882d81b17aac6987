package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.LONG;
import static io.elanus.index.IndexFile.align;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.BitKernel;
import io.elanus.index.kernel.BitRows;
import java.lang.foreign.MemorySegment;

/// Codes of one bit a value for the rows of an [IvfIndex], in a section of its file: on which side of the mean of its list
/// each value of the rotated row lies. Rows of a list are in groups of [BitKernel#GROUP], of which the last may have room left.
///
/// ```
/// means    f32[lists][size]          the rotated mean of each list's rows
/// squares  f32[groups * GROUP]       |r|^2 of each row, r being the row less the mean
/// factors  f32[groups * GROUP]       |r|^2 / sum(|r_i|), 0 where r is 0
/// counts   f32[groups * GROUP]       the factor times the number of set bits
/// bits     u64[groups][words][GROUP] set where r_i >= 0, as a BitKernel reads them
/// ```
/// A product with r is about `factor * sum(s_i q_i)`, s being 1 where a bit is set and else -1: without bias over all
/// rotations. For COSINE rows are those of length 1.
///
/// Source: Gao and Long, RaBitQ: Quantizing high-dimensional vectors with a theoretical error bound, 2024, with the mean of
/// the list in the place of the centroid.
record BitCodes(
    Shape shape,
    Metric metric,
    Rotation rotation,
    MemorySegment section,
    BitKernel kernel,
    int[] firstGroups)
    implements ListScoring {

  /// What the size of a section follows from.
  ///
  /// @param groups of all lists
  record Shape(int dimension, int lists, int groups) {
    int size() {
      return Rotation.size(dimension);
    }

    int words() {
      return size() / Rotation.WORD;
    }

    private long squaresStart() {
      return align(4L * lists * size());
    }

    private long columnBytes() {
      return align(4L * BitKernel.GROUP * groups);
    }

    private long bitsStart() {
      return squaresStart() + 3 * columnBytes();
    }

    private long bitsBytes() {
      return (long) BitKernel.groupBytes(words()) * groups;
    }

    long bytes() {
      return bitsStart() + bitsBytes();
    }
  }

  /// The groups that the rows of `lists` take.
  static int groups(IvfLists lists) {
    int groups = 0;
    for (int list = 0; list < lists.count(); list++) {
      groups += groups(lists, list);
    }
    return groups;
  }

  private static int groups(IvfLists lists, int list) {
    return Math.ceilDiv(lists.end(list) - lists.start(list), BitKernel.GROUP);
  }

  private static int[] firstGroups(IvfLists lists) {
    int[] first = new int[lists.count()];
    for (int list = 1; list < first.length; list++) {
      first[list] = first[list - 1] + groups(lists, list - 1);
    }
    return first;
  }

  /// Fills `section` with the codes of `vectors`. Rows are read in their order.
  static void write(
      MemorySegment section,
      Shape shape,
      Metric metric,
      Rotation rotation,
      DenseVectors vectors,
      IvfLists lists,
      BuildControl control) {
    int[] places = lists.places();
    int[] firstGroups = firstGroups(lists);
    new ListMeans(vectors, metric, lists, places)
        .forEach((list, mean) ->
            MemorySegment.copy(
                rotation.apply(mean), 0, section, FLOAT, 4L * list * shape.size(), shape.size()));
    new BuildCrew(control, vectors.count())
        .run(() -> {
          Writer writer = new Writer(section, shape);
          RowValues rows = new RowValues(vectors, metric);
          return row -> {
            int list = lists.listOf(places[row]);
            int within = places[row] - lists.start(list);
            writer.write(rotation.apply(rows.of(row)), list, firstGroups[list], within);
          };
        });
  }

  /// Uses `section` in place. Throws IndexCorruptException when `lists` have other groups.
  static BitCodes read(
      MemorySegment section, Shape shape, Metric metric, Rotation rotation, IvfLists lists) {
    verify(
        shape.groups() == groups(lists),
        "codes of %d groups, the lists have %d",
        shape.groups(),
        groups(lists));
    BitKernel kernel = new BitKernel(section, shape.words());
    return new BitCodes(shape, metric, rotation, section, kernel, firstGroups(lists));
  }

  @Override
  public ListScorer from(float[] query) {
    Checks.requireDimension(query, shape.dimension());
    return new BitScorer(this, rotation.apply(RowValues.ofQuery(query, metric)));
  }

  /// Copies the rotated mean of a list.
  void mean(int list, float[] target) {
    MemorySegment.copy(section, FLOAT, 4L * list * shape.size(), target, 0, shape.size());
  }

  /// Sets `rows` on those from a group on.
  BitRows rows(int group, BitRows rows) {
    long bits = shape.bitsStart() + (long) BitKernel.groupBytes(shape.words()) * group;
    long squares = shape.squaresStart() + 4L * BitKernel.GROUP * group;
    return rows.at(bits, squares, shape.columnBytes());
  }

  /// Encodes rows, one thread.
  private static final class Writer {
    private final MemorySegment section;
    private final Shape shape;
    private final float[] mean;

    Writer(MemorySegment section, Shape shape) {
      this.section = section;
      this.shape = shape;
      this.mean = new float[shape.size()];
    }

    void write(float[] row, int list, int firstGroup, int within) {
      MemorySegment.copy(section, FLOAT, 4L * list * shape.size(), mean, 0, mean.length);
      long group = firstGroup + within / BitKernel.GROUP;
      int lane = within % BitKernel.GROUP;
      long bits = shape.bitsStart() + BitKernel.groupBytes(shape.words()) * group;
      double squares = 0;
      double absolutes = 0;
      int set = 0;
      for (int word = 0; word < shape.words(); word++) {
        long code = 0;
        for (int i = 0; i < Rotation.WORD; i++) {
          float value = row[Rotation.WORD * word + i] - mean[Rotation.WORD * word + i];
          squares += (double) value * value;
          absolutes += Math.abs(value);
          code |= value >= 0 ? 1L << i : 0;
        }
        set += Long.bitCount(code);
        section.set(LONG, bits + Long.BYTES * (long) (BitKernel.GROUP * word + lane), code);
      }
      float factor = absolutes > 0 ? (float) (squares / absolutes) : 0;
      long at = shape.squaresStart() + 4 * (BitKernel.GROUP * group + lane);
      section.set(FLOAT, at, (float) squares);
      section.set(FLOAT, at + shape.columnBytes(), factor);
      section.set(FLOAT, at + 2 * shape.columnBytes(), factor * set);
    }
  }
}
