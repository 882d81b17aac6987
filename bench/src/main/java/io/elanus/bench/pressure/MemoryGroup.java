package io.elanus.bench.pressure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A control group of Linux (version 1 or 2) whose processes have so much memory together, page cache and mapped
/// files included. Needs root.
public record MemoryGroup(Path folder, boolean unified) {
  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  /// @throws IllegalStateException when this process may not make one
  public static MemoryGroup of(String name, long bytes) {
    boolean unified = !Files.isDirectory(V1);
    Path folder = (unified ? V2 : V1).resolve(name);
    try {
      Files.deleteIfExists(folder); // and with it the counts of the last time
      Files.createDirectory(folder);
      MemoryGroup group = new MemoryGroup(folder, unified);
      group.write(unified ? "memory.max" : "memory.limit_in_bytes", Long.toString(bytes));
      return group;
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalStateException(
          "no memory control group can be made at %s: run as root".formatted(folder), e);
    }
  }

  /// Makes the kernel forget the pages of files that it keeps: those that are there already are not counted as the
  /// group's.
  public static void dropPageCache() throws IOException, InterruptedException {
    new ProcessBuilder("sync").start().waitFor(); // else what was just written stays
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
  }

  /// A command that runs its arguments within the group.
  public List<String> entering() {
    return List.of("sh", "-c", "echo $$ > %s/cgroup.procs && exec \"$@\"".formatted(folder), "sh");
  }

  /// Makes the kernel forget all that it can of the group: pages of files, mapped ones included.
  public void reclaim() throws IOException {
    if (unified) {
      reclaimAll();
    } else {
      write("memory.force_empty", "0");
    }
  }

  /// The kernel gives an error where less was there to forget than was asked for.
  private void reclaimAll() {
    try {
      write("memory.reclaim", read("memory.current"));
    } catch (IOException e) {
      System.err.printf("not all of the group was reclaimed: %s%n", e.getMessage());
    }
  }

  /// What there is now.
  public long currentBytes() {
    return Long.parseLong(read(unified ? "memory.current" : "memory.usage_in_bytes"));
  }

  /// The most there was at once.
  public long peakBytes() {
    return Long.parseLong(read(unified ? "memory.peak" : "memory.max_usage_in_bytes"));
  }

  /// Processes the kernel killed because the group had no memory left.
  public long kills() {
    return read(unified ? "memory.events" : "memory.oom_control")
        .lines()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .findFirst()
        .orElse(0);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
