package io.elanus.chaos.system;

import io.elanus.servers.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/// A disk that forgets what nobody synced when its power goes: an ext4 file system in a file. What the kernel has
/// written to that file at an instant is what a disk would have at that instant; what it keeps in memory for later is
/// lost. Only root may use it, on Linux.
///
/// ```
/// folder/disk-0.img   the disk, mounted at folder/disk
/// folder/disk-1.img   what was on it when its power went: mounted there from then on
/// ```
public final class VolatileDisk implements AutoCloseable {
  private static final long BYTES = 4L << 30;
  private static final int WITNESS_BYTES = 1 << 20;

  /// Nothing is written but what was synced, and what is older than half a minute; a file that takes another's name is
  /// not synced for that.
  private static final String OPTIONS = "loop,commit=300,noauto_da_alloc";

  private final Path folder;
  private final Path mounted;
  private final Random random = new Random(1);
  private int losses;

  private VolatileDisk(Path folder) {
    this.folder = folder;
    this.mounted = folder.resolve("disk");
  }

  /// Makes one in `folder`, which holds a copy of it for each loss while that happens.
  ///
  /// @throws IllegalStateException when the user may not
  public static VolatileDisk in(Path folder) {
    VolatileDisk disk = new VolatileDisk(folder);
    try (RandomAccessFile file = new RandomAccessFile(disk.image(0).toFile(), "rw")) {
      file.setLength(BYTES);
      Files.createDirectories(disk.mounted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("mkfs.ext4", "e2fsprogs", "-q", "-F", disk.image(0).toString());
    disk.mount();
    return disk;
  }

  /// Where its files are.
  public Path mounted() {
    return mounted;
  }

  /// Goes back to what was synced.
  ///
  /// @param end ends all who have files open; they must stand still already
  /// @throws IllegalStateException when something survived that nobody had synced: then nothing was lost at all
  public void losePower(Runnable end) {
    Path witness = mounted.resolve("witness");
    byte[] content = new byte[WITNESS_BYTES];
    random.nextBytes(content);
    try {
      Files.write(witness, content);
      run(
          "cp",
          "coreutils",
          "--sparse=always",
          image(losses).toString(),
          image(losses + 1).toString());
      end.run();
      unmount();
      Files.delete(image(losses));
      losses++;
      mount();
      if (Files.exists(witness) && Arrays.equals(Files.readAllBytes(witness), content)) {
        throw new IllegalStateException("%s survived, and nobody had synced it".formatted(witness));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    unmount();
    try {
      Files.delete(image(losses));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mount() {
    run("mount", "mount", "-o", OPTIONS, image(losses).toString(), mounted.toString());
  }

  private void unmount() {
    run("umount", "mount", mounted.toString());
  }

  private Path image(int number) {
    return folder.resolve("disk-%d.img".formatted(number));
  }

  private static void run(String program, String debianPackage, String... arguments) {
    ProcessBuilder builder =
        new ProcessBuilder(Programs.require(program, debianPackage).toString());
    builder.command().addAll(Arrays.asList(arguments));
    try {
      Process process = builder.redirectErrorStream(true).start();
      String says = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "%s: %s".formatted(String.join(" ", builder.command()), says.strip()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
