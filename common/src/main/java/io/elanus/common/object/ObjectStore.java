package io.elanus.common.object;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Immutable objects, created once, never changed. S3 and a local folder serve it alike.
///
/// Errors: `STORAGE_KEY_NOT_FOUND` for a read of what is not there; `STORAGE_IO_FAILED` for
/// everything that may pass. A create that failed may have happened: creating again answers
/// `EXISTS` then. So may a delete.
///
/// A key that is a folder of another (`a` beside `a/b`) need not be possible: such a create is
/// refused with `INVALID_PARAMETER` where it is not. [ObjectLayout] makes no such keys.
public interface ObjectStore extends AutoCloseable {
  /// Files that will be mapped are written in pieces of a huge page: file systems with large folios keep what is written in one go together, and
  /// who maps the file gets it as such (docs/decisions/0151-huge-pages.md).
  int FILE_PIECE_BYTES = 2 << 20;

  enum Created {
    CREATED,
    /// An object of that key was there before; nothing was changed.
    EXISTS
  }

  /// Creates the object unless it exists. Atomic: readers see all of it or nothing. Durable when it
  /// returns.
  Created create(ObjectKey key, byte[] bytes);

  /// As [#create(ObjectKey, byte\[\])] from a finished local file, which stays the caller's.
  Created create(ObjectKey key, Path file);

  byte[] read(ObjectKey key);

  /// Bytes `offset` to `offset + length`, all of them or an error: `CORRUPT` when the object is
  /// shorter.
  byte[] read(ObjectKey key, long offset, int length);

  /// Brings the object to `target`, which must not exist; it may be a link to the store's own
  /// bytes, so it is never written to. The file lives on when the object is deleted.
  void download(ObjectKey key, Path target);

  /// @return the size in bytes, empty when there is no such object
  Optional<Long> size(ObjectKey key);

  /// Keys that begin with `prefix`, after `after` ("" for all), in order, at most `limit`. Never on
  /// a hot path.
  List<ObjectKey> list(String prefix, String after, int limit);

  /// Removes the object; a missing one is success.
  void delete(ObjectKey key);

  @Override
  void close();
}
