package io.elanus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The machine that measures, and how busy it is (Linux).
public final class Machine {
  private static final double KIB_PER_GIB = 1 << 20;

  private Machine() {}

  /// Its processors, memory, pages and kernel, in a line.
  public static String text() {
    return String.format(
        Locale.ROOT,
        "%d CPUs of %s, %.0f GiB, huge pages %s, Linux %s",
        Runtime.getRuntime().availableProcessors(),
        value("/proc/cpuinfo", "model name"),
        Double.parseDouble(value("/proc/meminfo", "MemTotal").split(" ", 2)[0]) / KIB_PER_GIB,
        read("/sys/kernel/mm/transparent_hugepage/enabled").replaceAll(".*\\[(\\w+)].*", "$1"),
        read("/proc/sys/kernel/osrelease"));
  }

  /// How many processes ran or waited to run in the last minute: 1 when nothing runs beside a measurement on one thread.
  public static double load() {
    return Double.parseDouble(read("/proc/loadavg").split(" ", 2)[0]);
  }

  private static String value(String file, String key) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
