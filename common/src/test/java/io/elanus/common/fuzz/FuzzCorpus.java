package io.elanus.common.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Inputs of a fuzz target that were worth keeping: `src/test/resources/fuzz/<target>.zip` of its module, one entry each.
/// Those that once broke something are called `found-...`.
///
/// As a program it brings them to a folder for Jazzer, with the seeds of the target, and back.
public final class FuzzCorpus {
  private static final Path FOLDER = Path.of("src/test/resources/fuzz");

  private FuzzCorpus() {}

  /// A target.
  public interface Target {
    void run(byte[] input) throws Exception;
  }

  private record Input(String name, byte[] bytes) {}

  /// Calls `target` with every input kept and every seed.
  ///
  /// @param name of the target
  public static void replay(String name, List<byte[]> seeds, Target target) {
    for (int i = 0; i < seeds.size(); i++) {
      run(new Input("seed-" + i, seeds.get(i)), target);
    }
    kept(FOLDER.resolve(name + ".zip")).forEach(input -> run(input, target));
  }

  private static void run(Input input, Target target) {
    try {
      target.run(input.bytes());
    } catch (Exception | AssertionError e) {
      throw new AssertionError("input %s: %s".formatted(input.name(), e), e);
    }
  }

  private static List<Input> kept(Path zip) {
    List<Input> inputs = new ArrayList<>();
    if (Files.notExists(zip)) {
      return inputs;
    }
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        inputs.add(new Input(entry.getName(), in.readAllBytes()));
      }
      return inputs;
    } catch (IOException e) {
      throw new AssertionError("%s cannot be read".formatted(zip), e);
    }
  }

  /// `unpack <zip> <class> <folder>` or `pack <folder> <zip>`.
  public static void main(String[] args) throws Exception {
    if (args[0].equals("unpack")) {
      unpack(Path.of(args[1]), args[2], Path.of(args[3]));
    } else {
      pack(Path.of(args[1]), Path.of(args[2]));
    }
  }

  private static void unpack(Path zip, String target, Path folder) throws Exception {
    Files.createDirectories(folder);
    Method seeds = Class.forName(target).getDeclaredMethod("seeds");
    seeds.setAccessible(true);
    int count = 0;
    for (Object seed : (List<?>) seeds.invoke(null)) {
      Files.write(folder.resolve("seed-" + count++), (byte[]) seed);
    }
    for (Input input : kept(zip)) {
      Files.write(folder.resolve(input.name()), input.bytes());
    }
  }

  /// Seeds stay where they are made; the same inputs make the same bytes.
  private static void pack(Path folder, Path zip) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> !file.getFileName().toString().startsWith("seed-")).toList();
    }
    List<Input> inputs = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      String name = file.getFileName().toString();
      inputs.add(new Input(name.startsWith("found-") ? name : checksum(bytes), bytes));
    }
    Files.createDirectories(zip.toAbsolutePath().getParent());
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream packed = new ZipOutputStream(out)) {
      for (Input input : inputs.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList()) {
        packed.putNextEntry(new ZipEntry(input.name()).setLastModifiedTime(FileTime.fromMillis(0)));
        packed.write(input.bytes());
      }
    }
  }

  /// Not the one our formats end with: all inputs that end with their own are alike to it.
  private static String checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return HexFormat.of().toHexDigits((int) crc.getValue()) + "-" + bytes.length;
  }
}
