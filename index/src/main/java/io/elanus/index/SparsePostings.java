package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.NativeRows;
import java.lang.foreign.MemorySegment;

/// The rows and weights of each term, where they lie in a file. Immutable once written.
///
/// ```
/// places    0  1  2 | 3  4 | 5       terms  7 20 21    ends  3 5 6
/// rows      1  4  9 | 0  4 | 2
/// ```
final class SparsePostings {
  private final SparseHeader header;
  private final MemorySegment terms;
  private final MemorySegment ends;
  private final MemorySegment frequent;
  private final MemorySegment windows;
  private final MemorySegment rows;
  private final MemorySegment weights;

  private SparsePostings(SparseHeader header, MemorySegment borrowed) {
    MemorySegment file = NativeRows.plain(borrowed);
    this.header = header;
    this.terms = file.asSlice(header.termsStart(), 4L * header.terms());
    this.ends = file.asSlice(header.endsStart(), 4L * header.terms());
    this.frequent = file.asSlice(header.frequentStart(), 4L * header.terms());
    this.windows = file.asSlice(header.windowsStart(), 4L * header.frequent() * header.windows());
    this.rows = file.asSlice(header.rowsStart(), 4L * header.postings());
    this.weights = file.asSlice(header.weightsStart(), 4L * header.postings());
  }

  static SparsePostings of(SparseHeader header, MemorySegment file) {
    return new SparsePostings(header, file);
  }

  /// Throws IndexCorruptException unless terms and their rows ascend, and windows of
  /// rows end where their postings do.
  static SparsePostings read(SparseHeader header, MemorySegment file) {
    SparsePostings postings = new SparsePostings(header, file);
    postings.verifyWhole();
    return postings;
  }

  /// Where the term is among all, by a binary search; negative when no row has it.
  int find(int term) {
    int low = 0;
    int high = header.terms() - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      int order = Integer.compareUnsigned(terms.getAtIndex(INT, middle), term);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  int size() {
    return header.postings();
  }

  int start(int number) {
    return number == 0 ? 0 : end(number - 1);
  }

  int end(int number) {
    return ends.getAtIndex(INT, number);
  }

  int row(int place) {
    return rows.getAtIndex(INT, place);
  }

  float weight(int place) {
    return weights.getAtIndex(FLOAT, place);
  }

  /// The first place from `from` on, before `end`, whose row is `row` or a later one; `end` when there is none.
  /// Looks near `from` first.
  int seek(int from, int end, int row) {
    int low = from;
    int step = 1;
    while (low + step < end && row(low + step) < row) {
      low += step;
      step <<= 1;
    }
    int high = Math.min(end, low + step);
    while (low < high) {
      int middle = low + high >>> 1;
      if (row(middle) < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Adds, for each of the places, `factor` times its weight to the sum of its row, counted from `base` on.
  void add(int from, int end, float factor, int base, float[] sums) {
    for (int place = from; place < end; place++) {
      sums[row(place) - base] += factor * weight(place);
    }
  }

  /// The place after a term's last posting in a window, the first of which there is, or would be, at `from`.
  int windowEnd(int number, int window, int from) {
    int place = frequent.getAtIndex(INT, number);
    return place < 0
        ? seek(from, end(number), endRow(window))
        : windows.getAtIndex(INT, (long) place * header.windows() + window);
  }

  /// Writes where the windows end, of terms and rows that are there.
  void writeWindows() {
    int frequentTerms = 0;
    for (int number = 0; number < header.terms(); number++) {
      if (!isFrequent(number)) {
        frequent.setAtIndex(INT, number, -1);
        continue;
      }
      int end = start(number);
      for (int window = 0; window < header.windows(); window++) {
        end = seek(end, end(number), endRow(window));
        windows.setAtIndex(INT, (long) frequentTerms * header.windows() + window, end);
      }
      frequent.setAtIndex(INT, number, frequentTerms++);
    }
  }

  private boolean isFrequent(int number) {
    return SparseHeader.isFrequent(end(number) - start(number), header.count());
  }

  private int endRow(int window) {
    return (int) Math.min(header.count(), (window + 1L) * SparseHeader.WINDOW_ROWS);
  }

  private void verifyWhole() {
    int last = 0;
    for (int number = 0; number < header.terms(); number++) {
      int end = end(number);
      verify(
          end > last && end <= header.postings(),
          "a term ends at %d of %d",
          end,
          header.postings());
      int term = terms.getAtIndex(INT, number);
      verify(
          number == 0 || Integer.compareUnsigned(terms.getAtIndex(INT, number - 1L), term) < 0,
          "term %s is out of order",
          Integer.toUnsignedString(term));
      last = end;
    }
    verify(last == header.postings(), "the terms end at %d of %d", last, header.postings());
    for (int number = 0; number < header.terms(); number++) {
      verifyRows(start(number), end(number));
    }
    verifyFrequent();
  }

  private void verifyFrequent() {
    int frequentTerms = 0;
    for (int number = 0; number < header.terms(); number++) {
      int expected = isFrequent(number) ? frequentTerms++ : -1;
      int found = frequent.getAtIndex(INT, number);
      verify(found == expected, "term %d is no frequent one of number %d", number, found);
    }
    verify(
        frequentTerms == header.frequent(),
        "%d terms are frequent, not %d",
        frequentTerms,
        header.frequent());
    for (int number = 0; number < header.terms(); number++) {
      if (isFrequent(number)) {
        verifyWindows(number);
      }
    }
  }

  private void verifyWindows(int number) {
    int start = start(number);
    for (int window = 0; window < header.windows(); window++) {
      int end = windowEnd(number, window, start);
      boolean right =
          end >= start
              && end <= end(number)
              && (end == start(number) || row(end - 1) < endRow(window))
              && (end == end(number) || row(end) >= endRow(window));
      verify(right, "a window of a term ends at %d", end);
      start = end;
    }
  }

  private void verifyRows(int start, int end) {
    int above = -1;
    for (int place = start; place < end; place++) {
      int row = row(place);
      if (row <= above || row >= header.count()) {
        throw new IndexCorruptException(
            "row %d of %d in place %d".formatted(row, header.count(), place));
      }
      above = row;
    }
  }
}
