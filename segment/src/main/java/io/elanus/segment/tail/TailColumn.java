package io.elanus.segment.tail;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.Validity;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The values of one field, growing. Written by one thread; a view shows the rows that were there
/// when it was made, for ever: values are only added behind them, and arrays that grow are copied.
sealed interface TailColumn {
  /// Adds the values of `source` from row `from` to before row `to`.
  void append(Column source, int from, int to);

  ColumnView view();

  /// Gives back the room for values that will not come. Views see what they saw.
  void trim();

  /// Bytes of the values, and of the room for more.
  long sizeBytes();

  static TailColumn of(Field field) {
    return field.nullable() ? new Nullables(values(field)) : values(field);
  }

  private static TailColumn values(Field field) {
    return switch (field.type().form()) {
      case BOOL -> new Bools();
      case INT32 -> new Ints();
      case INT64 -> new Longs();
      case FLOAT -> new Floats();
      case DOUBLE -> new Doubles();
      case TEXT -> new Bytes(true);
      case BYTES -> new Bytes(false);
      case FLOAT_VECTOR -> new Vectors(field.dimension());
      case BYTE_VECTOR -> new ByteVectors(field.vectorBytes());
      case LIST -> new Lists(values(field.element()));
    };
  }

  /// The new length of an array that must hold `needed`: doubled, so that growing costs little in
  /// all.
  private static int grown(int length, long needed) {
    if (needed > Integer.MAX_VALUE - 8) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because("%d values do not fit one array", needed);
    }
    long doubled = Math.min(Integer.MAX_VALUE - 8, 2L * length);
    return (int) Math.max(needed, doubled);
  }

  final class Bools implements TailColumn {
    private long[] words = new long[1];
    private int count;

    @Override
    public void append(Column source, int from, int to) {
      boolean[] values = ((BoolColumn) source).values();
      int wordCount = (count + to - from + 63) / 64;
      if (wordCount > words.length) {
        words = Arrays.copyOf(words, grown(words.length, wordCount));
      }
      for (int i = from; i < to; i++, count++) {
        if (values[i]) {
          words[count >> 6] |= 1L << count;
        }
      }
    }

    /// The words are copied: the last one still changes.
    @Override
    public ColumnView.Bools view() {
      return new ColumnView.Bools(Arrays.copyOf(words, (count + 63) / 64), count);
    }

    @Override
    public void trim() {
      words = Arrays.copyOf(words, (count + 63) / 64);
    }

    @Override
    public long sizeBytes() {
      return words.length * 8L;
    }
  }

  final class Ints implements TailColumn {
    private int[] values = new int[16];
    private int count;

    /// Adds `from`, `from + 1`... to before `to`.
    void appendRange(int from, int to) {
      reserve(to - from);
      for (int value = from; value < to; value++) {
        values[count++] = value;
      }
    }

    @Override
    public void append(Column source, int from, int to) {
      reserve(to - from);
      System.arraycopy(((Int32Column) source).values(), from, values, count, to - from);
      count += to - from;
    }

    private void reserve(int more) {
      if (count + more > values.length) {
        values = Arrays.copyOf(values, grown(values.length, (long) count + more));
      }
    }

    @Override
    public ColumnView.Ints view() {
      return new ColumnView.Ints(MemorySegment.ofArray(values).asSlice(0, count * 4L), count);
    }

    @Override
    public void trim() {
      values = Arrays.copyOf(values, count);
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L;
    }
  }

  final class Longs implements TailColumn {
    private long[] values = new long[16];
    private int count;

    /// Adds `value`, `times` times.
    void appendRepeated(long value, int times) {
      reserve(times);
      Arrays.fill(values, count, count + times, value);
      count += times;
    }

    @Override
    public void append(Column source, int from, int to) {
      reserve(to - from);
      System.arraycopy(((Int64Column) source).values(), from, values, count, to - from);
      count += to - from;
    }

    private void reserve(int more) {
      if (count + more > values.length) {
        values = Arrays.copyOf(values, grown(values.length, (long) count + more));
      }
    }

    @Override
    public ColumnView.Longs view() {
      return new ColumnView.Longs(MemorySegment.ofArray(values).asSlice(0, count * 8L), count);
    }

    @Override
    public void trim() {
      values = Arrays.copyOf(values, count);
    }

    @Override
    public long sizeBytes() {
      return values.length * 8L;
    }
  }

  final class Floats implements TailColumn {
    private float[] values = new float[16];
    private int count;

    @Override
    public void append(Column source, int from, int to) {
      int needed = count + to - from;
      if (needed > values.length) {
        values = Arrays.copyOf(values, grown(values.length, needed));
      }
      System.arraycopy(((FloatColumn) source).values(), from, values, count, to - from);
      count = needed;
    }

    @Override
    public ColumnView.Floats view() {
      return new ColumnView.Floats(MemorySegment.ofArray(values).asSlice(0, count * 4L), count);
    }

    @Override
    public void trim() {
      values = Arrays.copyOf(values, count);
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L;
    }
  }

  final class Doubles implements TailColumn {
    private double[] values = new double[16];
    private int count;

    @Override
    public void append(Column source, int from, int to) {
      int needed = count + to - from;
      if (needed > values.length) {
        values = Arrays.copyOf(values, grown(values.length, needed));
      }
      System.arraycopy(((DoubleColumn) source).values(), from, values, count, to - from);
      count = needed;
    }

    @Override
    public ColumnView.Doubles view() {
      return new ColumnView.Doubles(MemorySegment.ofArray(values).asSlice(0, count * 8L), count);
    }

    @Override
    public void trim() {
      values = Arrays.copyOf(values, count);
    }

    @Override
    public long sizeBytes() {
      return values.length * 8L;
    }
  }

  /// Texts and byte strings, as a segment file has them.
  final class Bytes implements TailColumn {
    private final boolean texts;
    private byte[] data = new byte[256];
    private int[] starts = new int[16];
    private int dataBytes;
    private int count;

    Bytes(boolean texts) {
      this.texts = texts;
    }

    @Override
    public void append(Column source, int from, int to) {
      for (int i = from; i < to; i++) {
        append(
            texts
                ? ((VarCharColumn) source).values()[i].getBytes(StandardCharsets.UTF_8)
                : ((BytesColumn) source).values()[i]);
      }
    }

    private void append(byte[] value) {
      long needed = dataBytes + 4L + value.length;
      if (needed > data.length) {
        data = Arrays.copyOf(data, grown(data.length, needed));
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, grown(count, count + 1L));
      }
      MemorySegment.ofArray(data).set(ColumnView.INT, dataBytes, value.length);
      starts[count++] = dataBytes + 4;
      System.arraycopy(value, 0, data, dataBytes + 4, value.length);
      dataBytes = (int) needed;
    }

    @Override
    public ColumnView view() {
      MemorySegment used = MemorySegment.ofArray(data).asSlice(0, dataBytes);
      Blobs blobs = new Blobs(used, starts, count);
      return texts ? new ColumnView.Texts(blobs) : new ColumnView.ByteStrings(blobs);
    }

    @Override
    public void trim() {
      data = Arrays.copyOf(data, dataBytes);
      starts = Arrays.copyOf(starts, count);
    }

    @Override
    public long sizeBytes() {
      return data.length + starts.length * 4L;
    }
  }

  final class Vectors implements TailColumn {
    private final int dimension;
    private float[] values;
    private int count;

    Vectors(int dimension) {
      this.dimension = dimension;
      this.values = new float[dimension];
    }

    @Override
    public void append(Column source, int from, int to) {
      FloatVectorColumn column = (FloatVectorColumn) source;
      if (column.dimension() != dimension) {
        throw ErrorCode.CORRUPT.because(
            "a vector of dimension %d for a field of %d", column.dimension(), dimension);
      }
      int used = count * dimension;
      int more = (to - from) * dimension;
      if (used + more > values.length) {
        values = Arrays.copyOf(values, grown(values.length, (long) used + more));
      }
      System.arraycopy(column.values(), from * dimension, values, used, more);
      count += to - from;
    }

    @Override
    public ColumnView.Vectors view() {
      MemorySegment used = MemorySegment.ofArray(values).asSlice(0, 4L * count * dimension);
      return new ColumnView.Vectors(used, count, dimension);
    }

    @Override
    public void trim() {
      values = Arrays.copyOf(values, count * dimension);
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L;
    }
  }

  final class ByteVectors implements TailColumn {
    private final int rowBytes;
    private byte[] values;
    private int count;

    ByteVectors(int rowBytes) {
      this.rowBytes = rowBytes;
      this.values = new byte[rowBytes];
    }

    @Override
    public void append(Column source, int from, int to) {
      int used = count * rowBytes;
      int more = (to - from) * rowBytes;
      if (used + more > values.length) {
        values = Arrays.copyOf(values, grown(values.length, (long) used + more));
      }
      System.arraycopy(((ByteVectorColumn) source).values(), from * rowBytes, values, used, more);
      count += to - from;
    }

    @Override
    public ColumnView.ByteVectors view() {
      MemorySegment used = MemorySegment.ofArray(values).asSlice(0, (long) count * rowBytes);
      return new ColumnView.ByteVectors(used, count, rowBytes);
    }

    @Override
    public void trim() {
      values = Arrays.copyOf(values, count * rowBytes);
    }

    @Override
    public long sizeBytes() {
      return values.length;
    }
  }

  final class Lists implements TailColumn {
    private final TailColumn elements;
    private int[] starts = new int[16];
    private int count;

    Lists(TailColumn elements) {
      this.elements = elements;
    }

    @Override
    public void append(Column source, int from, int to) {
      ListColumn column = (ListColumn) source;
      elements.append(column.elements(), column.starts()[from], column.starts()[to]);
      int needed = count + to - from + 1;
      if (needed > starts.length) {
        starts = Arrays.copyOf(starts, grown(starts.length, needed));
      }
      for (int row = from; row < to; row++, count++) {
        starts[count + 1] = starts[count] + column.length(row);
      }
    }

    @Override
    public ColumnView.Lists view() {
      MemorySegment used = MemorySegment.ofArray(starts).asSlice(0, (count + 1) * 4L);
      return new ColumnView.Lists(elements.view(), used, count);
    }

    @Override
    public void trim() {
      elements.trim();
      starts = Arrays.copyOf(starts, count + 1);
    }

    @Override
    public long sizeBytes() {
      return elements.sizeBytes() + starts.length * 4L;
    }
  }

  final class Nullables implements TailColumn {
    private final TailColumn values;
    private final Bools valid = new Bools();

    Nullables(TailColumn values) {
      this.values = values;
    }

    @Override
    public void append(Column source, int from, int to) {
      NullableColumn column = NullableColumn.allValid(source);
      int[] ranks = column.ranks();
      int end = to == ranks.length ? column.values().rowCount() : ranks[to];
      values.append(column.values(), from == ranks.length ? end : ranks[from], end);
      valid.append(new BoolColumn(column.valid()), from, to);
    }

    @Override
    public ColumnView.Nullables view() {
      ColumnView.Bools flags = valid.view();
      return new ColumnView.Nullables(values.view(), Validity.of(flags.words(), flags.rowCount()));
    }

    @Override
    public void trim() {
      values.trim();
      valid.trim();
    }

    @Override
    public long sizeBytes() {
      return values.sizeBytes() + valid.sizeBytes();
    }
  }
}
