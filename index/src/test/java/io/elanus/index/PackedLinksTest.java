package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedLinksTest {
  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 7, 8, 9, 255, 256, 65_535, 65_536, 200_000, 1 << 20, Integer.MAX_VALUE})
  void listsAreReadAsTheyWereWritten(int count) {
    Random random = new Random(count);
    for (int degree : new int[] {4, 6, 32, 36, 111}) {
      PackedLinks packed = PackedLinks.of(count, degree);
      int lists = 20;
      MemorySegment file = Arena.ofAuto().allocate(packed.stride() * lists + 8);
      int[][] written = new int[lists][];
      for (int list = 0; list < lists; list++) {
        written[list] = random.ints(random.nextInt(degree + 1), 0, count).toArray();
        if (written[list].length > 0) {
          written[list][0] = count - 1;
        }
        packed.write(file, packed.stride() * list, written[list], written[list].length);
      }
      int[] into = new int[degree];
      for (int list = 0; list < lists; list++) {
        int size = packed.read(file, packed.stride() * list, into);
        assertThat(Arrays.copyOf(into, size)).isEqualTo(written[list]);
      }
      assertThat(packed.stride()).isLessThanOrEqualTo(4L * degree);
    }
  }
}
