package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.verify;

import java.lang.foreign.MemorySegment;

/// Whether every link of a graph leads to a row that is on the link's level. Walks do not ask again, and the kernels that
/// score rows check no bounds: a link out of range would be read from foreign memory.
///
/// ```
/// slots   -1  0 -1 -1  2  3 -1     row 1 has the lists 0 and 1 (levels 1 and 2), row 4 list 2, row 5 the rest
/// ```
final class HnswLinkCheck {
  private final MemorySegment file;
  private final HnswHeader header;

  private HnswLinkCheck(MemorySegment file, HnswHeader header) {
    this.file = file;
    this.header = header;
  }

  /// Reads all links once, and throws IndexCorruptException unless all lead somewhere.
  static void verifyLinks(MemorySegment file, HnswHeader header) {
    HnswLinkCheck check = new HnswLinkCheck(file, header);
    check.verifyBase();
    check.verifyUpper(check.levels());
  }

  private void verifyBase() {
    int count = header.count();
    int degree = header.degree(0);
    if (header.packed()) {
      verifyPacked();
      return;
    }
    for (int row = 0; row < count; row++) {
      long list = header.baseStart() + header.baseStride() * row;
      for (int i = 0; i < degree; i++) {
        int link = file.get(INT, list + 4L * i);
        if (link < HnswLinks.END || link >= count) {
          verify(false, "link %d of %d rows", link, count);
        }
      }
    }
  }

  private void verifyPacked() {
    PackedLinks packed = header.packedLinks();
    int[] list = new int[packed.degree()];
    for (int row = 0; row < header.count(); row++) {
      int size = packed.read(file, header.baseStart() + header.baseStride() * row, list);
      for (int i = 0; i < size; i++) {
        if (list[i] >= header.count()) {
          verify(false, "link %d of %d rows", list[i], header.count());
        }
      }
    }
  }

  /// Of each row, from where the lists of the next one begin.
  private int[] levels() {
    int[] levels = new int[header.count()];
    int above = -1;
    int lists = 0;
    for (int row = 0; row < levels.length; row++) {
      int slot = file.get(INT, header.slotsStart() + 4L * row);
      if (slot == HnswLinks.END) {
        continue;
      }
      verify(
          slot >= lists && (above < 0 ? slot == 0 : slot > lists) && slot < header.upperLists(),
          "upper lists of row %d begin at %d of %d",
          row,
          slot,
          header.upperLists());
      if (above >= 0) {
        levels[above] = slot - lists;
      }
      above = row;
      lists = slot;
    }
    verify(above >= 0 || header.upperLists() == 0, "%d upper lists of no row", header.upperLists());
    if (above >= 0) {
      levels[above] = header.upperLists() - lists;
    }
    verify(
        levels.length == 0 || levels[header.entry()] == header.topLevel(),
        "the entry %d is not on the top level %d",
        header.entry(),
        header.topLevel());
    return levels;
  }

  private void verifyUpper(int[] levels) {
    long list = header.upperStart();
    for (int row = 0; row < levels.length; row++) {
      for (int level = 1; level <= levels[row]; level++) {
        verifyList(list, level, levels);
        list += 4L * header.m();
      }
    }
  }

  private void verifyList(long start, int level, int[] levels) {
    for (int i = 0; i < header.m(); i++) {
      int link = file.get(INT, start + 4L * i);
      if (link == HnswLinks.END) {
        return;
      }
      verify(
          link >= 0 && link < levels.length && levels[link] >= level,
          "link %d on level %d leads to no row of it",
          link,
          level);
    }
  }
}
