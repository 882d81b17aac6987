package io.elanus.adapters.embedded;

import io.elanus.adapters.embedded.FrameReader.Found;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the files of a log after whatever ended its last process (docs/formats/embedded-log.md,
/// "Opening").
final class LogRecovery {
  /// @param files oldest first
  /// @param writer at the end of the last
  record Recovered(long incarnation, List<LogFile> files, LogWriter writer) {}

  private static final Logger log = LoggerFactory.getLogger(LogRecovery.class);

  private static final int COPY_BYTES = 1 << 20;

  private final LogFolder folder;
  private final long fileBytes;
  private final List<Path> paths;
  private final List<LogFileHeader> headers = new ArrayList<>();

  private LogRecovery(LogFolder folder, long fileBytes) throws IOException {
    this.folder = folder;
    this.fileBytes = fileBytes;
    this.paths = folder.files();
  }

  /// @throws DbException `CORRUPT` when bytes that were once safe are not there; nothing is changed
  ///     then
  static Recovered recover(LogFolder folder, long fileBytes) throws IOException {
    return new LogRecovery(folder, fileBytes).recover();
  }

  private Recovered recover() throws IOException {
    if (paths.isEmpty()) {
      throw ErrorCode.CORRUPT.because(
          "log folder %s has no file: restore it from a copy", folder.folder());
    }
    for (Path path : paths) {
      headers.add(header(path));
    }
    List<LogFile> files = new ArrayList<>();
    for (int i = 0; i < paths.size() - 1; i++) {
      files.add(finished(i));
    }
    LogFile last = file(paths.size() - 1);
    files.add(last);
    return new Recovered(incarnation(), files, openLast(last));
  }

  private long incarnation() {
    return headers.getFirst().incarnation();
  }

  private LogFileHeader header(Path path) throws IOException {
    LogFileHeader header = decodeHeader(path);
    boolean named = path.equals(folder.path(header.firstOffset()));
    if (!named || !header.log().equals(folder.log())) {
      throw corrupt(
          path, "it says it begins with offset %d of log %s", header.firstOffset(), header.log());
    }
    if (!headers.isEmpty() && header.incarnation() != incarnation()) {
      throw corrupt(path, "it is of another log than the files before it");
    }
    return header;
  }

  private LogFileHeader decodeHeader(Path path) throws IOException {
    try {
      return LogFileHeader.decode(read(path, 0, LogFileHeader.BYTES));
    } catch (DbException e) {
      throw corrupt(path, "%s", e.text());
    }
  }

  /// A file that has a successor ends with a seal that names it.
  private LogFile finished(int i) throws IOException {
    Path path = paths.get(i);
    long nextOffset = headers.get(i + 1).firstOffset();
    long sealPosition = Files.size(path) - LogFrame.HEAD_BYTES;
    byte[] seal = read(path, Math.max(0, sealPosition), LogFrame.HEAD_BYTES);
    if (seal.length < LogFrame.HEAD_BYTES
        || !LogFrame.decode(seal, 0, incarnation())
            .equals(Optional.of(LogFrame.ofSeal(nextOffset)))) {
      throw corrupt(path, "it does not end with the seal of offset %d", nextOffset);
    }
    LogFile file = file(i);
    file.extend(nextOffset, sealPosition);
    return file;
  }

  /// Without records, as yet.
  private LogFile file(int i) {
    LogFileHeader header = headers.get(i);
    return new LogFile(paths.get(i), header.firstOffset(), header.mask());
  }

  private LogWriter openLast(LogFile file) throws IOException {
    long size = Files.size(file.path());
    long lastBatch = file.endPosition();
    try (FrameReader reader = new FrameReader(file.find(file.firstOffset()), incarnation())) {
      while (true) {
        long start = reader.position();
        switch (reader.next(size)) {
          case Found.Record(LogFrame frame, _) -> {
            if (frame.index() == 0) {
              file.extend(frame.offset(), start);
              lastBatch = start;
            }
          }
          case Found.Seal _ -> {
            file.extend(reader.offset(), start);
            return openSealed(file, reader, size);
          }
          case Found.End _ -> {
            file.extend(reader.offset(), start);
            return openUnsealed(file, lastBatch);
          }
          case Found.Damage damage -> {
            requireTorn(reader, damage);
            log.info("torn end cut off file={} from={} bytes={}", file.path(), start, size - start);
            file.extend(reader.offset(), start);
            return openUnsealed(file, lastBatch);
          }
        }
      }
    }
  }

  private void requireTorn(FrameReader reader, Found.Damage damage) throws IOException {
    TornEnd.refute(reader.path(), incarnation(), reader.position(), reader.offset(), damage.cut())
        .ifPresent(why -> {
          throw reader.corrupt(new Found.Damage(damage.why() + ", and " + why, damage.cut()));
        });
  }

  /// A full file keeps its seal; the next record begins a new one.
  private LogWriter openSealed(LogFile file, FrameReader reader, long size) throws IOException {
    if (reader.position() < size) {
      throw reader.corrupt(new Found.Damage("bytes follow the seal", false));
    }
    if (file.endPosition() >= fileBytes) {
      return new LogWriter(folder, incarnation(), file, true);
    }
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
      channel.truncate(file.endPosition());
      folder.disk().sync(channel);
    }
    return new LogWriter(folder, incarnation(), file, false);
  }

  /// Cuts off what is torn, and writes the last batch anew: its sync may have failed, and then the
  /// page cache holds bytes that a further sync would not write.
  private LogWriter openUnsealed(LogFile file, long lastBatch) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.truncate(file.endPosition());
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      for (long at = lastBatch; at < file.endPosition(); at += buffer.limit()) {
        buffer.clear();
        channel.read(buffer, at);
        folder.disk().write(channel, buffer.flip(), at);
      }
      folder.disk().sync(channel);
    }
    return new LogWriter(folder, incarnation(), file, false);
  }

  private static byte[] read(Path path, long position, int size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(size);
      channel.read(buffer, position);
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      return bytes;
    }
  }

  private static DbException corrupt(Path path, String format, Object... args) {
    return ErrorCode.CORRUPT.because(
        "log file %s is damaged: %s; restore the file from a copy", path, format.formatted(args));
  }
}
