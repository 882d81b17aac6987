package io.elanus.adapters.embedded;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLimits;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The bucket as a folder: an object is a file whose path is its key.
///
/// An object is written under a name of its own in `<folder>.new`, synced, then given its name by a
/// hard link, which fails when the name is taken: creation is atomic and happens once. Leftovers of
/// a crash are removed when the store is opened. Readers open the file for themselves, so one that
/// is interrupted disturbs no other.
public final class EmbeddedObjectStore implements ObjectStore {
  private static final int READ_BYTES = 1 << 20;

  private final ObjectFolder objects;
  private final Path unfinished;
  private final AtomicLong newest = new AtomicLong();
  private volatile boolean closed;

  private EmbeddedObjectStore(ObjectFolder objects, Path unfinished) {
    this.objects = objects;
    this.unfinished = unfinished;
  }

  /// Opens the store in `folder`, which is made when it is missing.
  ///
  /// @throws DbException `STORAGE_IO_FAILED`
  public static EmbeddedObjectStore open(Run run, Path folder) {
    Path unfinished = folder.resolveSibling(folder.getFileName() + ".new");
    try {
      Folders.removeAll(unfinished);
      Folders.create(unfinished);
      Folders.create(folder);
    } catch (IOException e) {
      throw failed("open of the object store in " + folder, e);
    }
    return new EmbeddedObjectStore(new ObjectFolder(run, folder), unfinished);
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    return create(key, target -> writeAll(target, ByteBuffer.wrap(bytes)));
  }

  @Override
  public Created create(ObjectKey key, Path file) {
    return create(key, target -> copy(file, target));
  }

  private Created create(ObjectKey key, Content content) {
    requireOpen();
    Path written = unfinished.resolve(Long.toString(newest.incrementAndGet()));
    try {
      if (objects.contains(key)) {
        objects.sync(key); // its creator may not have come so far yet
        return Created.EXISTS;
      }
      writeDurably(written, content);
      return objects.link(key, written) ? Created.CREATED : Created.EXISTS;
    } catch (IOException e) {
      throw failed("create of object " + key, e);
    } finally {
      deleteQuietly(written);
    }
  }

  private static void writeDurably(Path path, Content content) throws IOException {
    try (FileChannel target =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(target);
      target.force(true);
    }
  }

  private static void writeAll(FileChannel target, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      ByteBuffer piece =
          bytes.slice(bytes.position(), Math.min(FILE_PIECE_BYTES, bytes.remaining()));
      bytes.position(bytes.position() + target.write(piece));
    }
  }

  private static void copy(Path file, FileChannel target) throws IOException {
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      ByteBuffer piece =
          arena.allocate(Math.clamp(source.size(), 1, FILE_PIECE_BYTES)).asByteBuffer();
      while (fill(piece, source)) {
        while (piece.hasRemaining()) {
          target.write(piece);
        }
      }
    }
  }

  /// Reads as much as there is room for; false at the end.
  private static boolean fill(ByteBuffer piece, FileChannel source) throws IOException {
    piece.clear();
    int read = 0;
    while (piece.hasRemaining() && read >= 0) {
      read = source.read(piece);
    }
    piece.flip();
    return piece.hasRemaining();
  }

  /// A leftover is removed when the store is opened the next time.
  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // nothing depends on it
    }
  }

  @Override
  public byte[] read(ObjectKey key) {
    return open(
        key,
        (file, size) -> {
          if (size > Integer.MAX_VALUE - 8) {
            throw ErrorCode.PARAMETER_TOO_LARGE.because(
                "object %s of %d bytes does not fit one array: read it in ranges", key, size);
          }
          return read(file, 0, (int) size);
        });
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    return open(
        key,
        (file, size) -> {
          ObjectLimits.checkRange(key, size, offset, length);
          return read(file, offset, length);
        });
  }

  private byte[] open(ObjectKey key, Reading reading) {
    requireOpen();
    Path path = requireFile(key);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return reading.read(file, file.size());
    } catch (NoSuchFileException _) {
      throw ObjectLimits.notFound(key);
    } catch (IOException e) {
      throw failed("read of object " + key, e);
    }
  }

  private static byte[] read(FileChannel file, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int size = Math.min(READ_BYTES, length - done);
      int read = file.read(ByteBuffer.wrap(bytes, done, size), offset + done);
      if (read < 0) {
        throw new IOException("the file became shorter");
      }
      done += read;
    }
    return bytes;
  }

  @Override
  public void download(ObjectKey key, Path target) {
    requireOpen();
    Path path = requireFile(key);
    try {
      linkOrCopy(path, target);
    } catch (NoSuchFileException _) {
      throw ObjectLimits.notFound(key);
    } catch (IOException e) {
      throw failed("download of object %s to %s".formatted(key, target), e);
    }
  }

  /// A link costs nothing and shares the page cache; another file system needs a copy.
  private static void linkOrCopy(Path path, Path target) throws IOException {
    if (Files.getFileStore(path).equals(Files.getFileStore(Folders.parent(target)))) {
      Files.createLink(target, path);
    } else {
      try (FileChannel file =
          FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        copy(path, file);
      }
    }
  }

  @Override
  public Optional<Long> size(ObjectKey key) {
    requireOpen();
    try {
      return objects.contains(key) ? Optional.of(Files.size(objects.path(key))) : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("size of object " + key, e);
    }
  }

  @Override
  public List<ObjectKey> list(String prefix, String after, int limit) {
    requireOpen();
    ObjectLimits.checkLimit(limit);
    try {
      return new ObjectListing(objects.root(), prefix, after, limit).keys();
    } catch (IOException e) {
      throw failed("list of objects '%s'".formatted(prefix), e);
    }
  }

  @Override
  public void delete(ObjectKey key) {
    requireOpen();
    try {
      objects.delete(key);
    } catch (IOException e) {
      throw failed("delete of object " + key, e);
    }
  }

  private Path requireFile(ObjectKey key) {
    if (!objects.contains(key)) {
      throw ObjectLimits.notFound(key);
    }
    return objects.path(key);
  }

  private void requireOpen() {
    if (closed) {
      throw ObjectLimits.closed();
    }
  }

  private static DbException failed(String what, IOException cause) {
    ErrorCode code =
        cause instanceof ClosedByInterruptException
            ? ErrorCode.CANCELED
            : ErrorCode.STORAGE_IO_FAILED;
    String why = cause instanceof FileAlreadyExistsException ? "file exists" : cause.toString();
    return new DbException(code, "%s failed: %s".formatted(what, why), cause);
  }

  @Override
  public void close() {
    closed = true;
  }

  private interface Content {
    void writeTo(FileChannel target) throws IOException;
  }

  private interface Reading {
    byte[] read(FileChannel file, long size) throws IOException;
  }
}
