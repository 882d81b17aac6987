package io.elanus.adapters.embedded;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// The log on a local disk (docs/formats/embedded-log.md): segmented files, one sync per batch of
/// concurrent appends. What is read and what `end` shows is synced. An idle log uses no thread.
///
/// One process at a time: the data directory's lock sees to it.
public final class EmbeddedWal implements Wal {
  private final EmbeddedWalConfig config;
  private final List<EmbeddedLog> logs;

  private EmbeddedWal(EmbeddedWalConfig config, List<EmbeddedLog> logs) {
    this.config = config;
    this.logs = List.copyOf(logs);
  }

  /// Opens the logs in `folder`, which is made when it is missing, and recovers each of them.
  ///
  /// @throws DbException `CORRUPT` when bytes that were once safe are damaged; `INVALID_PARAMETER` when the
  ///     folder has another number of logs; `STORAGE_IO_FAILED`
  public static EmbeddedWal open(Run run, Path folder, EmbeddedWalConfig config) {
    return open(run, folder, config, Disk.SYSTEM);
  }

  static EmbeddedWal open(Run run, Path folder, EmbeddedWalConfig config, Disk disk) {
    List<EmbeddedLog> opened = new ArrayList<>();
    try {
      if (Files.notExists(folder)) {
        create(run, folder, config, disk);
      }
      requireLogCount(folder, config);
      for (int i = 0; i < config.logCount(); i++) {
        LogFolder logFolder = LogFolder.of(folder, new LogId(i), disk);
        opened.add(EmbeddedLog.open(run, logFolder, config.fileBytes()));
      }
      return new EmbeddedWal(config, opened);
    } catch (IOException e) {
      opened.forEach(EmbeddedLog::close);
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "log in %s cannot be opened: %s".formatted(folder, e), e);
    } catch (RuntimeException e) {
      opened.forEach(EmbeddedLog::close);
      throw e;
    }
  }

  /// All logs or none: made aside, then renamed.
  private static void create(Run run, Path folder, EmbeddedWalConfig config, Disk disk)
      throws IOException {
    Path unfinished = folder.resolveSibling(folder.getFileName() + ".new");
    Folders.removeAll(unfinished);
    for (int i = 0; i < config.logCount(); i++) {
      LogFolder log = LogFolder.of(unfinished, new LogId(i), disk);
      Folders.create(log.folder());
      log.create(run.random().nextLong(), 0);
    }
    Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(Folders.parent(folder));
  }

  private static void requireLogCount(Path folder, EmbeddedWalConfig config) throws IOException {
    long found = Folders.list(folder).stream().filter(Files::isDirectory).count();
    if (found != config.logCount()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%s has %d logs, configured are %d: the number is fixed when the data directory is made",
          folder, found, config.logCount());
    }
  }

  @Override
  public int logCount() {
    return logs.size();
  }

  @Override
  public int maxRecordBytes() {
    return config.maxRecordBytes();
  }

  @Override
  public Position append(LogId log, byte[] record) {
    WalLimits.check(record, config.maxRecordBytes());
    return log(log).append(record);
  }

  @Override
  public Position end(LogId log) {
    return log(log).end();
  }

  @Override
  public Position start(LogId log) {
    return log(log).start();
  }

  @Override
  public WalReader tail(LogId log, Position from) {
    EmbeddedLog found = log(log);
    found.requireInside(from);
    return new EmbeddedWalReader(found, from.offset());
  }

  @Override
  public void trim(LogId log, Position before) {
    log(log).trim(before);
  }

  @Override
  public void close() {
    logs.forEach(EmbeddedLog::close);
  }

  private EmbeddedLog log(LogId id) {
    WalLimits.check(id, logs.size());
    return logs.get(id.value());
  }
}
