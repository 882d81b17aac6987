package io.elanus.bench.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Times at which a JVM let none of its threads run, as `-Xlog:safepoint` tells of them.
record Pauses(int count, double longestMillis) {
  private static final Pattern TOTAL = Pattern.compile("Total: +(\\d+) ns");

  /// The JVM's option that writes them to `file`.
  static String option(Path file) {
    return "-Xlog:safepoint:file=%s:uptime".formatted(file);
  }

  static Pauses read(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      double[] millis =
          lines
              .map(TOTAL::matcher)
              .filter(Matcher::find)
              .mapToDouble(total -> Long.parseLong(total.group(1)) / 1e6)
              .sorted()
              .toArray();
      return new Pauses(millis.length, millis.length == 0 ? 0 : millis[millis.length - 1]);
    }
  }
}
