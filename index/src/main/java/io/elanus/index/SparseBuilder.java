package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.SparseVectors.ENTRY_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;

/// Turns sparse vectors around: from rows with their terms into terms with their rows. One thread passes twice over the
/// vectors: it counts, then puts each entry where it belongs.
final class SparseBuilder {
  private static final int PASSES = 2;
  private static final int PROGRESS_ROWS = 1024;

  private final SparseVectors vectors;
  private final BuildControl control;

  private SparseBuilder(SparseVectors vectors, BuildControl control) {
    this.vectors = vectors;
    this.control = control;
  }

  static BuiltIndex build(SparseVectors vectors, BuildControl control) {
    return new SparseBuilder(vectors, control).build();
  }

  private BuiltIndex build() {
    TermNumbers numbers = new TermNumbers();
    int postings = count(numbers);
    SparseHeader header =
        new SparseHeader(vectors.count(), numbers.size(), postings, frequent(numbers));
    MemorySegment file = Arena.ofAuto().allocate(header.fileBytes(), IndexFile.ALIGNMENT);
    header.write(file);
    int[] starts = writeTerms(numbers, header, file);
    place(numbers, starts, header, file);
    SparsePostings.of(header, file).writeWindows();
    return new BuiltIndex(file);
  }

  private int count(TermNumbers numbers) {
    int postings = 0;
    for (int row = 0; row < vectors.count(); row++) {
      advance(0, row);
      long end = end(row);
      for (long at = vectors.start(row); at < end; at += ENTRY_BYTES) {
        numbers.add(vectors.data().get(INT, at));
        postings++;
      }
    }
    return postings;
  }

  private int frequent(TermNumbers numbers) {
    int frequent = 0;
    for (int number = 0; number < numbers.size(); number++) {
      frequent += SparseHeader.isFrequent(numbers.count(number), vectors.count()) ? 1 : 0;
    }
    return frequent;
  }

  /// Returns where the postings of each number begin.
  private static int[] writeTerms(TermNumbers numbers, SparseHeader header, MemorySegment file) {
    int[] terms = numbers.sorted();
    int[] starts = new int[terms.length];
    int end = 0;
    for (int i = 0; i < terms.length; i++) {
      int number = numbers.number(terms[i]);
      starts[number] = end;
      end += numbers.count(number);
      file.set(INT, header.termsStart() + 4L * i, terms[i]);
      file.set(INT, header.endsStart() + 4L * i, end);
    }
    return starts;
  }

  private void place(TermNumbers numbers, int[] next, SparseHeader header, MemorySegment file) {
    MemorySegment data = vectors.data();
    for (int row = 0; row < vectors.count(); row++) {
      advance(1, row);
      long end = end(row);
      for (long at = vectors.start(row); at < end; at += ENTRY_BYTES) {
        int place = next[numbers.number(data.get(INT, at))]++;
        file.set(INT, header.rowsStart() + 4L * place, row);
        file.set(FLOAT, header.weightsStart() + 4L * place, data.get(FLOAT, at + 4));
      }
    }
  }

  private long end(int row) {
    return (long) vectors.start(row) + vectors.length(row);
  }

  private void advance(int pass, int row) {
    if (row % PROGRESS_ROWS != 0) {
      return;
    }
    if (control.cancelled().getAsBoolean()) {
      throw new CancellationException(
          "index build cancelled at row " + row + " of " + vectors.count());
    }
    control.part(pass, PASSES).progress().advanced(row, vectors.count());
  }
}
