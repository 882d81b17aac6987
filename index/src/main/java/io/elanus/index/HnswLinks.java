package io.elanus.index;

import static io.elanus.index.IndexFile.INT;

import io.elanus.index.kernel.Prefetch;
import java.lang.foreign.MemorySegment;

/// The link lists of a graph, read and written in place in the bytes of its file.
///
/// Reading takes no lock. While a graph is being built a reader may see a list half old, half new;
/// as links are whole ints and every link ever written leads to a row, the worst is a link too few
/// or one twice. Writers of one list exclude each other.
final class HnswLinks {
  static final int END = -1;

  private final MemorySegment file;
  private final HnswHeader header;
  private final long baseStart;
  private final long baseStride;
  private final long slotsStart;
  private final long upperStart;
  private final PackedLinks packed;
  private final Prefetch prefetch;

  HnswLinks(MemorySegment file, HnswHeader header) {
    this.file = file;
    this.header = header;
    this.baseStart = header.baseStart();
    this.baseStride = header.baseStride();
    this.slotsStart = header.slotsStart();
    this.upperStart = header.upperStart();
    this.packed = header.packedLinks();
    this.prefetch = new Prefetch(file);
  }

  HnswHeader header() {
    return header;
  }

  /// Copies the list of row `ordinal` on `level` to `into` and returns how many links it has. The
  /// row is on that level.
  int read(int level, int ordinal, int[] into) {
    if (level == 0 && header.packed()) {
      return packed.read(file, offset(0, ordinal), into);
    }
    int degree = header.degree(level);
    MemorySegment.copy(file, INT, offset(level, ordinal), into, 0, degree);
    int size = 0;
    while (size < degree && into[size] != END) {
      size++;
    }
    return size;
  }

  /// The list of row `ordinal` on level 0 will be read soon.
  void expect(int ordinal) {
    prefetch.lines(baseStart + baseStride * ordinal, (int) baseStride);
  }

  /// Replaces, in a graph whose links are not packed, the list of row `ordinal` on `level` by `links[0..size)`.
  void write(int level, int ordinal, int[] links, int size) {
    int degree = header.degree(level);
    long offset = offset(level, ordinal);
    MemorySegment.copy(links, 0, file, INT, offset, size);
    for (int i = size; i < degree; i++) {
      file.set(INT, offset + 4L * i, END);
    }
  }

  /// Adds one link to a list of `size` links that is not full.
  void append(int level, int ordinal, int size, int link) {
    file.set(INT, offset(level, ordinal) + 4L * size, link);
  }

  private long offset(int level, int ordinal) {
    if (level == 0) {
      return baseStart + baseStride * ordinal;
    }
    long list = file.get(INT, slotsStart + 4L * ordinal) + level - 1L;
    return upperStart + 4L * header.m() * list;
  }
}
