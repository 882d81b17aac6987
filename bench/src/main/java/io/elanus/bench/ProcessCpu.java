package io.elanus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Processor time as Linux accounts for it in `/proc`.
public final class ProcessCpu {
  /// Clock ticks of `/proc`, fixed by the kernel's interface.
  private static final double TICKS_PER_SECOND = 100;

  private ProcessCpu() {}

  /// Seconds that a process has used: utime and stime, fields 14 and 15.
  public static double seconds(long pid) {
    String stat = read(Path.of("/proc/%d/stat".formatted(pid)));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /// Seconds that the hypervisor gave to others, of all processors together.
  public static double stolenSeconds() {
    String[] fields =
        read(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split("\\s+", -1);
    return Long.parseLong(fields[8]) / TICKS_PER_SECOND;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
