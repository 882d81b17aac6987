package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.internal.Freshness;
import io.elanus.proxy.Films;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsistencyTest {
  private static final Duration BOUND = Duration.ofSeconds(5);

  /// Levels: 0 strong, 1 session, 2 bounded, 3 eventually, 4 customized.
  @ParameterizedTest
  @CsvSource({
    "0, 0, STRONG",
    "0, 1, EVENTUALLY",
    "0, 2, BOUNDED",
    "0, 4611686018427387904, STRONG",
    "1, 0, EVENTUALLY",
    "1, 1, EVENTUALLY",
    "1, 4611686018427387904, STRONG",
    "2, 0, BOUNDED",
    "2, 4611686018427387904, BOUNDED",
    "3, 0, EVENTUALLY",
    "3, 4611686018427387904, EVENTUALLY",
    "4, 0, STRONG",
    "4, 1, EVENTUALLY",
    "4, 2, BOUNDED",
    "4, -1, STRONG"
  })
  void theLevelDecidesElseTheGuarantee(int level, long guarantee, Freshness.Level expected) {
    assertThat(freshness(false, level, guarantee).getLevel()).isEqualTo(expected);
  }

  @Test
  void theCollectionsOwnLevelCountsWhenAskedFor() {
    Freshness freshness = freshness(true, 0, 0);

    assertThat(freshness.getLevel()).isEqualTo(Freshness.Level.BOUNDED);
    assertThat(freshness.getBoundMillis()).isEqualTo(5000);
  }

  @Test
  void aLevelWithoutNameIsRefused() {
    assertThatThrownBy(() -> freshness(false, 9, 0))
        .hasMessageContaining("invalid consistency level: 9");
  }

  private static Freshness freshness(boolean useDefault, int level, long guarantee) {
    return Consistency.freshness(
        Films.collection(Films.SCHEMA, 1), useDefault, level, guarantee, BOUND);
  }
}
