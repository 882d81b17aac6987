package io.elanus.common.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectKeyTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "probe/0123", "A-z_0.9/b/c.manifest", "...", "a/..b/.c", "a/b../d"})
  void namesJoinedBySlashesAreAKey(String value) {
    assertThat(new ObjectKey(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "../a", "a/../b", "a b", "ä", "a\\b"
      })
  void anythingElseIsNot(String value) {
    assertThatThrownBy(() -> new ObjectKey(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an object key: '%s'", value);
  }

  @ParameterizedTest
  @ValueSource(ints = {ObjectKey.MAX_LENGTH + 1, 10_000})
  void aKeyIsNotLongerThanAllStoresTake(int length) {
    assertThat(new ObjectKey("k".repeat(ObjectKey.MAX_LENGTH)).value())
        .hasSize(ObjectKey.MAX_LENGTH);
    assertThatThrownBy(() -> new ObjectKey("k".repeat(length)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
