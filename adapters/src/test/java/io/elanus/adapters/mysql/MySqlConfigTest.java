package io.elanus.adapters.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlConfigTest {
  private static MySqlConfig config(String database, String rootPath) {
    return MariaDb.config(new MySqlConfig.Server("db", 3306, database), rootPath);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a-b", "A", "a`b", "a b", "x23456789012345678901234567890123"})
  void aRootPathBeginsTheNamesOfTables(String wrong) {
    assertThatThrownBy(() -> config("elanus", wrong)).isInstanceOf(IllegalArgumentException.class);
    assertThat(config("elanus", "by_dev").rootPath()).isEqualTo("by_dev");
  }

  @Test
  void aDatabaseIsOnlyAName() {
    assertThatThrownBy(() -> config("elanus?allowMultiQueries=true", "a"))
        .hasMessage("'elanus?allowMultiQueries=true' is no name of a database");
  }

  @Test
  void timesHaveBounds() {
    Duration call = Duration.ofSeconds(5);
    assertThatThrownBy(() -> new MySqlConfig.Timing(call, Duration.ofMillis(10)))
        .hasMessage("poll interval PT0.01S is out of bounds");
    assertThatThrownBy(() -> new MySqlConfig.Timing(Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .hasMessage("call timeout PT1S is out of bounds");
  }

  @Test
  void thePasswordIsNotShown() {
    assertThat(config("elanus", "a").toString())
        .isEqualTo("db:3306/elanus, tables a_*, user elanus");
    assertThat(new Credentials.Password("me", "secret").toString()).doesNotContain("secret");
  }
}
