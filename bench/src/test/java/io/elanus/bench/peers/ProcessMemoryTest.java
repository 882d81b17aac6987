package io.elanus.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void linesOfTheKernelAreRead() {
    String text =
        """
        5583c2a00000-7ffd0b5f6000 ---p 00000000 00:00 0                  [rollup]
        Rss:              123456 kB
        Anonymous:          3072 kB
        AnonHugePages:      2048 kB
        FilePmdMapped:      4096 kB
        """;

    assertThat(ProcessMemory.parse(text)).isEqualTo(new ProcessMemory(7 << 20, 6 << 20));
  }
}
