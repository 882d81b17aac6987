package io.elanus.common.object;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// What every implementation of [ObjectStore] refuses, in the same words.
public final class ObjectLimits {
  private ObjectLimits() {}

  /// @throws DbException `INVALID_PARAMETER` for a range that cannot be, `CORRUPT` for one the
  ///     object lacks
  public static void checkRange(ObjectKey key, long sizeBytes, long offset, int length) {
    if (offset < 0 || length < 0) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%d bytes from %d of object %s cannot be read", length, offset, key);
    }
    if (offset > sizeBytes - length) {
      throw ErrorCode.CORRUPT.because(
          "object %s has %d bytes, %d from %d were asked for", key, sizeBytes, length, offset);
    }
  }

  public static void checkLimit(int limit) {
    if (limit < 1) {
      throw ErrorCode.INVALID_PARAMETER.because("a list has a limit of at least 1, not %d", limit);
    }
  }

  public static DbException notFound(ObjectKey key) {
    return ErrorCode.STORAGE_KEY_NOT_FOUND.with("key", key);
  }

  public static DbException closed() {
    return ErrorCode.STORAGE_IO_FAILED.because("the object store is closed");
  }
}
