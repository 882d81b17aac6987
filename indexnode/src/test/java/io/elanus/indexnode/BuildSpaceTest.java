package io.elanus.indexnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.object.ScratchFolder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildSpaceTest {
  @TempDir Path folder;

  private BuildSpace space(long direct) {
    return new BuildSpace(ScratchFolder.emptied(folder), "build", direct);
  }

  @Test
  void isDirectMemoryWhileThereIsSomeAndFilesThen() throws IOException {
    try (BuildSpace space = space(1 << 20)) {
      MemorySegment first = space.allocate(700_000, 64);
      MemorySegment second = space.allocate(700_000, 4096);
      MemorySegment third = space.allocate(300_000, 64);

      assertThat(first.isMapped()).isFalse();
      assertThat(second.isMapped()).isTrue();
      assertThat(third.isMapped()).isFalse();
      assertThat(second.address() % 4096).isZero();
      for (MemorySegment segment : new MemorySegment[] {first, second, third}) {
        assertThat(segment.get(ValueLayout.JAVA_BYTE, segment.byteSize() - 1)).isZero();
        segment.fill((byte) 7);
      }
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void saysWhenTheDiskHasNoRoom() {
    try (BuildSpace space = space(0)) {
      assertThatThrownBy(() -> space.allocate(Long.MAX_VALUE / 2, 64))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("are free");
    }
  }

  @Test
  void isGoneWhenItIsClosed() {
    BuildSpace space = space(1 << 20);
    MemorySegment segment = space.allocate(64, 64);
    space.close();
    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
