package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.SparseVectors.ENTRY_BYTES;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/// Turns sparse vectors around: from rows with their terms into terms with their rows. One thread passes twice over the
/// vectors: it counts, then puts each entry where it belongs.
final class SparseBuilder {
  private static final int PASSES = 2;

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
    pass(0, row -> count(row, numbers));
    SparseHeader header =
        new SparseHeader(vectors.count(), numbers.size(), numbers.total(), frequent(numbers));
    MemorySegment file = control.memory().allocate(header.fileBytes(), IndexFile.ALIGNMENT);
    header.write(file);
    int[] next = writeTerms(numbers, header, file);
    pass(1, row -> place(row, numbers, next, header, file));
    SparsePostings.of(header, file).writeWindows();
    return new BuiltIndex(file);
  }

  private void pass(int number, IntConsumer worker) {
    new BuildCrew(control.alone().part(number, PASSES), vectors.count()).run(() -> worker);
  }

  private void count(int row, TermNumbers numbers) {
    long end = end(row);
    for (long at = vectors.start(row); at < end; at += ENTRY_BYTES) {
      numbers.add(vectors.data().get(INT, at));
    }
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

  private void place(
      int row, TermNumbers numbers, int[] next, SparseHeader header, MemorySegment file) {
    MemorySegment data = vectors.data();
    long end = end(row);
    for (long at = vectors.start(row); at < end; at += ENTRY_BYTES) {
      int place = next[numbers.number(data.get(INT, at))]++;
      file.set(INT, header.rowsStart() + 4L * place, row);
      file.set(FLOAT, header.weightsStart() + 4L * place, data.get(FLOAT, at + 4));
    }
  }

  private long end(int row) {
    return (long) vectors.start(row) + vectors.length(row);
  }
}
