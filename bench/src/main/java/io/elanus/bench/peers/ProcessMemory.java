package io.elanus.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The memory of a process, as Linux accounts for it, in bytes.
///
/// - `anonymous`: what is of no file, or of a file and on huge pages.
/// - `huge`: how much of that is on huge pages.
record ProcessMemory(long anonymous, long huge) {
  private static final Pattern LINE = Pattern.compile("(?m)^(\\w+): +(\\d+) kB$");

  static ProcessMemory of(long pid) {
    try {
      return parse(Files.readString(Path.of("/proc/%d/smaps_rollup".formatted(pid))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of the text of `smaps_rollup`.
  static ProcessMemory parse(String text) {
    long anonymous = 0;
    long huge = 0;
    for (Matcher line = LINE.matcher(text); line.find(); ) {
      long bytes = Long.parseLong(line.group(2)) << 10;
      switch (line.group(1)) {
        case "Anonymous" -> anonymous += bytes;
        case "AnonHugePages" -> huge += bytes;
        case "FilePmdMapped" -> {
          anonymous += bytes;
          huge += bytes;
        }
        default -> {}
      }
    }
    return new ProcessMemory(anonymous, huge);
  }
}
