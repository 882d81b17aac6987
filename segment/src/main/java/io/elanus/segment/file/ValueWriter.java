package io.elanus.segment.file;

import static io.elanus.segment.file.SegmentRows.block;
import static io.elanus.segment.file.SegmentRows.row;

import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView.Bools;
import io.elanus.segment.column.ColumnView.Doubles;
import io.elanus.segment.column.ColumnView.Ints;
import io.elanus.segment.column.ColumnView.Jsons;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.ColumnView.Vectors;
import java.io.IOException;
import java.util.List;

/// Writes the values of one column, PLAIN, gathering them from the blocks they lie in.
sealed interface ValueWriter {
  /// Of all values, before the first is written.
  long sizeBytes();

  void writeTo(ChecksummedFile out) throws IOException;

  static ValueWriter of(ParquetColumn column, SegmentRows rows) {
    long id = column.fieldId();
    long[] order = rows.order();
    return switch (column.kind()) {
      case BOOLEAN -> new OfBools(rows.views(id, Bools.class), order);
      case INT32 -> new OfInts(rows.views(id, Ints.class), order);
      case INT64 -> new OfLongs(rows.views(id, Longs.class), order);
      case DOUBLE -> new OfDoubles(rows.views(id, Doubles.class), order);
      case TEXT ->
          new OfBlobs(rows.views(id, Texts.class).stream().map(Texts::bytes).toList(), order);
      case JSON ->
          new OfBlobs(rows.views(id, Jsons.class).stream().map(Jsons::bytes).toList(), order);
      case FLOAT_LIST -> new OfVectors(rows.views(id, Vectors.class), order, column.dimension());
    };
  }

  record OfBools(List<Bools> views, long[] order) implements ValueWriter {
    @Override
    public long sizeBytes() {
      return (order.length + 7L) / 8;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      for (int start = 0; start < order.length; start += 8) {
        int bits = 0;
        for (int i = start; i < Math.min(start + 8, order.length); i++) {
          int bit = views.get(block(order[i])).get(row(order[i])) ? 1 : 0;
          bits |= bit << (i - start);
        }
        out.writeByte(bits);
      }
    }
  }

  record OfInts(List<Ints> views, long[] order) implements ValueWriter {
    @Override
    public long sizeBytes() {
      return order.length * 4L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      for (long ref : order) {
        out.writeInt(views.get(block(ref)).get(row(ref)));
      }
    }
  }

  record OfLongs(List<Longs> views, long[] order) implements ValueWriter {
    @Override
    public long sizeBytes() {
      return order.length * 8L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      for (long ref : order) {
        out.writeLong(views.get(block(ref)).get(row(ref)));
      }
    }
  }

  record OfDoubles(List<Doubles> views, long[] order) implements ValueWriter {
    @Override
    public long sizeBytes() {
      return order.length * 8L;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      for (long ref : order) {
        out.writeDouble(views.get(block(ref)).get(row(ref)));
      }
    }
  }

  record OfBlobs(List<Blobs> views, long[] order) implements ValueWriter {
    @Override
    public long sizeBytes() {
      long bytes = 0;
      for (long ref : order) {
        bytes += 4L + views.get(block(ref)).length(row(ref));
      }
      return bytes;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      for (long ref : order) {
        Blobs blobs = views.get(block(ref));
        int row = row(ref);
        int length = blobs.length(row);
        out.writeInt(length);
        out.write(blobs.data(), blobs.starts()[row], length);
      }
    }
  }

  record OfVectors(List<Vectors> views, long[] order, int dimension) implements ValueWriter {
    @Override
    public long sizeBytes() {
      return order.length * 4L * dimension;
    }

    @Override
    public void writeTo(ChecksummedFile out) throws IOException {
      for (long ref : order) {
        Vectors vectors = views.get(block(ref));
        out.write(vectors.values(), vectors.offset(row(ref)), vectors.rowBytes());
      }
    }
  }
}
