package io.elanus.adapters.s3;

import java.util.List;
import java.util.stream.LongStream;

/// A part of an object that is not empty.
///
/// @param start of the first byte
record ByteRange(long start, long length) {
  ByteRange {
    if (start < 0 || length < 1 || start > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("%d bytes from %d".formatted(length, start));
    }
  }

  /// `sizeBytes` cut into parts of `partBytes`, the last one shorter. None for zero bytes.
  static List<ByteRange> cut(long sizeBytes, long partBytes) {
    return LongStream.iterate(0, start -> start < sizeBytes, start -> start + partBytes)
        .mapToObj(start -> new ByteRange(start, Math.min(partBytes, sizeBytes - start)))
        .toList();
  }

  /// As in `Range`.
  String asHeader() {
    return "bytes=%d-%d".formatted(start, start + length - 1);
  }

  /// Whether `Content-Range` says that this range came, whole or up to the object's end.
  boolean beginsWhereItShould(String contentRange) {
    return contentRange.startsWith("bytes %d-".formatted(start));
  }
}
