package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void closesLastFirstAndOnce() {
    Closer closer = new Closer();
    closer.add(() -> closed.add("wal"));
    closer.add(() -> closed.add("server"));

    closer.close();
    closer.close();

    assertThat(closed).containsExactly("server", "wal");
  }

  @Test
  void closesAllAndThrowsTheFirstFailure() {
    Closer closer = new Closer();
    closer.add(() -> closed.add("wal"));
    closer.add(() -> fail("view"));
    closer.add(() -> fail("server"));

    assertThatThrownBy(closer::close)
        .hasMessage("server")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("wal");
  }

  private static void fail(String name) {
    throw new IllegalStateException(name);
  }
}
