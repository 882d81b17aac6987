package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The kernels in C are used where they could be built, unless somebody said no. That they compute the same is said beside those
/// in Java: [CodeKernelTest], [KernelTest].
class NativeLibraryTest {
  @Test
  void isThereWhereThereIsACompiler() {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    assumeThat(System.getProperty("os.arch")).isIn("amd64", "aarch64");
    assumeThat(hasCompiler()).isTrue();
    assumeThat(isSwitchedOff()).isFalse();
    assumeThat(Lanes.FAST).isTrue();

    assertThat(NativeLibrary.found().description()).startsWith("C (");
    assertThat(NativeLibrary.found().hasCodes()).isTrue();
    assertThat(NativeLibrary.found().hasFloats(Lanes.COUNT)).isTrue();
  }

  @Test
  void canBeSwitchedOff() {
    assumeThat(isSwitchedOff()).isTrue();

    assertThat(NativeLibrary.found().description()).isEqualTo("Java (C: switched off)");
    assertThat(NativeLibrary.found().hasCodes()).isFalse();
    assertThat(NativeLibrary.found().hasFloats(Lanes.COUNT)).isFalse();
  }

  private static boolean isSwitchedOff() {
    return System.getProperty("elanus.native", "").equals("off")
        || "off".equals(System.getenv("ELANUS_NATIVE"));
  }

  private static boolean hasCompiler() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "cc")));
  }
}
