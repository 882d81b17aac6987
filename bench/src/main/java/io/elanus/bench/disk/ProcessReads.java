package io.elanus.bench.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process had read from disks so far, as Linux accounts for it.
///
/// - `bytes`: that the process made the kernel read, for itself or ahead.
/// - `faults`: times it waited for a page.
record ProcessReads(long bytes, long faults) {
  private static final String READ_BYTES = "read_bytes: ";

  static ProcessReads of(long pid) {
    Path process = Path.of("/proc/" + pid);
    try {
      return parse(
          Files.readString(process.resolve("io")), Files.readString(process.resolve("stat")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of the texts of `io` and of `stat`, whose field 12 is majflt.
  static ProcessReads parse(String io, String stat) {
    long bytes =
        io.lines()
            .filter(line -> line.startsWith(READ_BYTES))
            .mapToLong(line -> Long.parseLong(line.substring(READ_BYTES.length())))
            .findFirst()
            .orElseThrow();
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new ProcessReads(bytes, Long.parseLong(fields[9]));
  }

  ProcessReads minus(ProcessReads before) {
    return new ProcessReads(bytes - before.bytes, faults - before.faults);
  }
}
