package io.elanus.index.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kernels in C (`src/main/c`), where there are some for this machine. They are an option: without them, all is computed in Java,
/// to the same bits. Looked for once, when the first kernel is wanted.
///
/// `ELANUS_NATIVE=off` in the environment, or the system property `elanus.native`, keeps them off.
final class NativeLibrary {
  /// Of the processor, by the bits of `elanus_instructions`; the best of each kind comes first.
  private enum Instructions {
    VNNI(4, true),
    DOTPROD(16, true),
    /// What it has for codes comes with VNNI.
    AVX512(2, false),
    AVX2(1, true),
    NEON(8, true);

    private final int bit;

    /// Whether there are kernels over codes for them.
    private final boolean codes;

    Instructions(int bit, boolean codes) {
      this.bit = bit;
      this.codes = codes;
    }
  }

  private static final NativeLibrary FOUND = find();

  private final Optional<SymbolLookup> symbols;
  private final int instructions;
  private final String description;

  private NativeLibrary(Optional<SymbolLookup> symbols, int instructions, String description) {
    this.symbols = symbols;
    this.instructions = instructions;
    this.description = description;
  }

  /// Without any kernel where there is none.
  static NativeLibrary found() {
    return FOUND;
  }

  /// What is there, or why nothing is; for people.
  String description() {
    return description;
  }

  /// Those over codes for each set of instructions of this processor, by their names, best first.
  ///
  /// @param bits of a code
  List<String> codes(int bits) {
    String kind = bits == CodeKernel.BYTE_CODES ? "byte" : "nibble";
    return symbols.isEmpty()
        ? List.of()
        : Arrays.stream(Instructions.values())
            .filter(set -> set.codes && has(set))
            .map(set -> "elanus_%s_codes_%s".formatted(kind, set.name().toLowerCase(Locale.ROOT)))
            .toList();
  }

  /// Whether there are kernels over codes.
  boolean hasCodes() {
    return !codes(CodeKernel.BYTE_CODES).isEmpty();
  }

  /// Whether there are kernels over vectors of so many floats.
  boolean hasFloats(int lanes) {
    return switch (lanes) {
      case 4 -> has(Instructions.NEON);
      case 8 -> has(Instructions.AVX2);
      case 16 -> has(Instructions.AVX512);
      default -> false;
    };
  }

  private boolean has(Instructions set) {
    return symbols.isPresent() && (instructions & set.bit) != 0;
  }

  /// A function that may read and write arrays of Java, and neither blocks nor calls back.
  MethodHandle function(String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            symbols.orElseThrow().findOrThrow(name),
            FunctionDescriptor.ofVoid(arguments),
            Linker.Option.critical(true));
  }

  private static NativeLibrary find() {
    String wanted =
        System.getProperty(
            "elanus.native", Optional.ofNullable(System.getenv("ELANUS_NATIVE")).orElse("on"));
    if (wanted.equalsIgnoreCase("off")) {
      return none("switched off");
    }
    String machine = machine();
    try (InputStream library =
        NativeLibrary.class.getResourceAsStream("/native/%s/kernels.so".formatted(machine))) {
      return library == null ? none("none built for " + machine) : open(library);
    } catch (IOException | IllegalArgumentException | UnsatisfiedLinkError e) {
      return none("cannot be loaded: " + e);
    }
  }

  private static NativeLibrary none(String why) {
    return new NativeLibrary(Optional.empty(), 0, "Java (C: %s)".formatted(why));
  }

  private static String machine() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    return "%s-%s".formatted(os, arch.equals("amd64") ? "x86_64" : arch);
  }

  /// The file may go once it is mapped.
  private static NativeLibrary open(InputStream library) throws IOException {
    Path file = Files.createTempFile("elanus-kernels", ".so");
    try {
      Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
      SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
      int instructions = instructions(symbols);
      return new NativeLibrary(Optional.of(symbols), instructions, describe(instructions));
    } finally {
      Files.delete(file);
    }
  }

  private static int instructions(SymbolLookup symbols) {
    MethodHandle ask =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.findOrThrow("elanus_instructions"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return (int) ask.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("a function without arguments failed", e);
    }
  }

  private static String describe(int instructions) {
    return Arrays.stream(Instructions.values())
        .filter(set -> (instructions & set.bit) != 0)
        .findFirst()
        .map("C (%s)"::formatted)
        .orElse("Java (C: not for this processor)");
  }
}
