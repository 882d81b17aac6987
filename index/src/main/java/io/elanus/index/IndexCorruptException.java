package io.elanus.index;

/// An index file is not what its writer wrote, or does not belong to the vectors it was opened
/// with.
public final class IndexCorruptException extends RuntimeException {
  public IndexCorruptException(String message) {
    super(message);
  }
}
