package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.align;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;

/// The bytes of a file of an inverted index over sparse vectors: what its start says, and where the rest is.
///
/// ```
/// start     as of every IndexFile, and   28  i32  terms
///                                        32  i32  postings, all terms together
///                                        36  i32  frequent terms
/// terms     u32[terms]         strictly ascending
/// ends      i32[terms]         the place after the last posting of each term; those of the first begin at 0
/// frequent  i32[terms]         the number of each frequent term among those, of all others -1
/// windows   i32[frequent][windows]  the place after the last posting of a frequent term in each window
/// rows      i32[postings]      by place; within a term they ascend
/// weights   f32[postings]      by place
/// checksum  u32
/// ```
record SparseHeader(int count, int terms, int postings, int frequent) {
  /// The rows are divided into windows of so many, the last of which may have less: a float for each stays in the
  /// first-level cache.
  static final int WINDOW_ROWS = 8192;

  /// A term with so many postings for each window is frequent.
  private static final int FREQUENT_PER_WINDOW = 8;

  static SparseHeader read(MemorySegment file) {
    verify(
        IndexFile.kind(file) == IndexFile.Kind.SPARSE_INVERTED,
        "the index is over dense vectors, not over sparse ones");
    SparseHeader header =
        new SparseHeader(
            IndexFile.count(file), file.get(INT, 28), file.get(INT, 32), file.get(INT, 36));
    boolean sane =
        IndexFile.metric(file) == Metric.INNER_PRODUCT
            && IndexFile.dimension(file) == 0
            && header.count >= 0
            && header.terms >= 0
            && header.postings >= header.terms
            && header.frequent >= 0
            && header.frequent <= header.terms;
    verify(sane, "impossible values in %s", header);
    IndexFile.verifySize(file, header.fileBytes());
    return header;
  }

  void write(MemorySegment file) {
    IndexFile.writeStart(
        file, IndexFile.Kind.SPARSE_INVERTED, Metric.INNER_PRODUCT, 0, ValueType.FLOAT32, count);
    file.set(INT, 28, terms);
    file.set(INT, 32, postings);
    file.set(INT, 36, frequent);
  }

  int windows() {
    return windows(count);
  }

  /// Whether a term of so many postings is frequent.
  static boolean isFrequent(int postings, int count) {
    return postings >= FREQUENT_PER_WINDOW * windows(count);
  }

  private static int windows(int count) {
    return Math.ceilDiv(count, WINDOW_ROWS);
  }

  long termsStart() {
    return IndexFile.HEADER_BYTES;
  }

  long endsStart() {
    return align(termsStart() + 4L * terms);
  }

  long frequentStart() {
    return align(endsStart() + 4L * terms);
  }

  long windowsStart() {
    return align(frequentStart() + 4L * terms);
  }

  long rowsStart() {
    return align(windowsStart() + 4L * frequent * windows());
  }

  long weightsStart() {
    return align(rowsStart() + 4L * postings);
  }

  long fileBytes() {
    return align(weightsStart() + 4L * postings) + IndexFile.CHECKSUM_BYTES;
  }
}
