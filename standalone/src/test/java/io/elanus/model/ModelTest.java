package io.elanus.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.elanus.model.Liar.Lie;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// A sample of seeds in every build. Many more: [ModelCommand].
class ModelTest {
  private static final int SEEDS = 10;

  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    ((Logger) LoggerFactory.getLogger("io.elanus")).setLevel(Level.OFF);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10, 20, 30})
  void whatIsReadIsWhatWasWritten(long from) {
    for (long seed = from; seed < from + SEEDS; seed++) {
      Models.run(seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerWithABugIsNoticed(Lie lie) {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < 10 * SEEDS; seed++) {
                Models.run(seed, honest -> new Liar(honest, lie));
              }
            })
        .isInstanceOf(Difference.class);
  }
}
