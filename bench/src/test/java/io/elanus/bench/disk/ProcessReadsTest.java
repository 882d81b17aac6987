package io.elanus.bench.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessReadsTest {
  private static final String IO =
      """
      rchar: 5000
      wchar: 1
      syscr: 7
      syscw: 2
      read_bytes: 8192
      write_bytes: 4096
      cancelled_write_bytes: 0
      """;

  @Test
  void bytesOfDisksAndMajorFaultsAreRead() {
    ProcessReads reads =
        ProcessReads.parse(IO, "12 (a name) with) S 1 2 3 0 -1 4194304 900 10 77 20 5 6 7 8 20 0");

    assertThat(reads).isEqualTo(new ProcessReads(8192, 77));
    assertThat(reads.minus(new ProcessReads(4096, 7))).isEqualTo(new ProcessReads(4096, 70));
  }
}
