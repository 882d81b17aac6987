package io.elanus.bench.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
  @TempDir private Path folder;

  @Test
  void floatsAreReadByRows() throws IOException {
    Path file =
        NpyFiles.floats(folder.resolve("a.npy"), new float[][] {{1, -2.5f}, {0, 4}, {5, 6}});

    Npy array = Npy.read(file);

    assertThat(array.rows()).isEqualTo(3);
    assertThat(array.columns()).isEqualTo(2);
    assertThat(array.row(0)).containsExactly(1, -2.5f);
    assertThat(array.row(2)).containsExactly(5, 6);
    assertThat(array.value(1, 1)).isEqualTo(4);
  }

  @Test
  void bytesAreNotNegative() throws IOException {
    Path file =
        NpyFiles.write(
            folder.resolve("a.npy"),
            "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }",
            new byte[] {0, 127, -1});

    assertThat(Npy.read(file).row(0)).containsExactly(0, 127, 255);
  }

  @Test
  void arraysOfOtherShapesAndNumbersAreRefused() throws IOException {
    refuses("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "C order");
    refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "two-dimensional");
    refuses("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }", "C order");
    refuses("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", "type f8");
    refuses(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", "shorter than its 1 x 2");
  }

  private void refuses(String header, String why) throws IOException {
    Path file = NpyFiles.write(folder.resolve("a.npy"), header, new byte[4]);

    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }
}
