package io.elanus.segment.file;

import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Bools;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Doubles;
import io.elanus.segment.column.ColumnView.Floats;
import io.elanus.segment.column.ColumnView.Ints;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.ColumnView.Vectors;
import java.io.IOException;
import java.util.List;

/// Writes values of one form, PLAIN, gathering them from the blocks they lie in.
sealed interface ValueWriter {
  /// Of all values, before the first is written.
  long sizeBytes() throws IOException;

  void writeTo(ChecksummedFile out) throws IOException;

  /// @param views one per block, neither nullable nor lists
  static ValueWriter of(ParquetColumn.Leaf leaf, List<ColumnView> views, RowRefs refs) {
    return switch (leaf.form()) {
      case BOOL -> new OfBools(cast(views, Bools.class), refs);
      case INT32 -> new OfInts(cast(views, Ints.class), refs);
      case INT64 -> new OfLongs(cast(views, Longs.class), refs);
      case FLOAT -> new OfFloats(cast(views, Floats.class), refs);
      case DOUBLE -> new OfDoubles(cast(views, Doubles.class), refs);
      case TEXT -> new OfBlobs(cast(views, Texts.class).stream().map(Texts::bytes).toList(), refs);
      case BYTES ->
          new OfBlobs(
              cast(views, ByteStrings.class).stream().map(ByteStrings::bytes).toList(), refs);
      case FLOAT_VECTOR -> new OfVectors(cast(views, Vectors.class), refs);
      case BYTE_VECTOR -> new OfByteVectors(cast(views, ByteVectors.class), refs, leaf.length());
      case LIST -> throw new IllegalArgumentException("no list of lists");
    };
  }

  private static <V extends ColumnView> List<V> cast(List<ColumnView> views, Class<V> type) {
    return views.stream().map(type::cast).toList();
  }

  /// Eight to a byte.
  record OfBools(List<Bools> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return (refs.count() + 7L) / 8;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      int[] bits = new int[1];
      int[] count = new int[1];
      refs.forEach((block, row) -> {
        bits[0] |= (views.get(block).get(row) ? 1 : 0) << (count[0]++ & 7);
        if ((count[0] & 7) == 0) {
          out.writeByte(bits[0]);
          bits[0] = 0;
        }
      });
      if ((count[0] & 7) != 0) {
        out.writeByte(bits[0]);
      }
    }
  }

  record OfInts(List<Ints> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return refs.count() * 4L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach((block, row) -> out.writeInt(views.get(block).get(row)));
    }
  }

  record OfLongs(List<Longs> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return refs.count() * 8L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach((block, row) -> out.writeLong(views.get(block).get(row)));
    }
  }

  record OfFloats(List<Floats> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return refs.count() * 4L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach(
          (block, row) -> out.writeInt(Float.floatToRawIntBits(views.get(block).get(row))));
    }
  }

  record OfDoubles(List<Doubles> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return refs.count() * 8L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach((block, row) -> out.writeDouble(views.get(block).get(row)));
    }
  }

  record OfBlobs(List<Blobs> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      long[] bytes = new long[1];
      refs.forEach((block, row) -> bytes[0] += 4L + views.get(block).length(row));
      return bytes[0];
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach((block, row) -> {
        Blobs blobs = views.get(block);
        int length = blobs.length(row);
        out.writeInt(length);
        out.write(blobs.data(), blobs.starts()[row], length);
      });
    }
  }

  record OfVectors(List<Vectors> views, RowRefs refs) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return refs.count() * views.getFirst().rowBytes();
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach((block, row) -> {
        Vectors vectors = views.get(block);
        out.write(vectors.values(), vectors.offset(row), vectors.rowBytes());
      });
    }
  }

  record OfByteVectors(List<ByteVectors> views, RowRefs refs, int rowBytes) implements ValueWriter {
    @Override
    public long sizeBytes() throws IOException {
      return refs.count() * (long) rowBytes;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      refs.forEach(
          (block, row) -> out.write(views.get(block).values(), (long) row * rowBytes, rowBytes));
    }
  }
}
