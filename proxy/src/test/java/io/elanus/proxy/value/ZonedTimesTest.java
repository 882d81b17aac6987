package io.elanus.proxy.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZonedTimesTest {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  @ParameterizedTest
  @CsvSource({
    "2024-12-31T22:00:00Z, 2024-12-31T22:00:00Z",
    "2025-01-01T00:00:00+08:00, 2024-12-31T16:00:00Z",
    "2025-01-01T00:00:00, 2024-12-31T16:00:00Z",
    "2025-01-01 00:00:00, 2024-12-31T16:00:00Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
    "0001-01-02T00:00:00Z, 0001-01-02T00:00:00Z"
  })
  void whatIsReadIsWritten(String text, String utc) {
    long micros = ZonedTimes.parse(text, SHANGHAI);

    assertThat(ZonedTimes.text(micros, ZoneOffset.UTC)).isEqualTo(utc);
    assertThat(ZonedTimes.parse(ZonedTimes.text(micros, SHANGHAI), ZoneOffset.UTC))
        .isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "now", "2024-13-01T00:00:00Z", "2024-01-01T25:00:00", "10000-01-01T00:00:00Z"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> ZonedTimes.parse(text, ZoneOffset.UTC))
        .hasMessageContaining("got invalid timestamptz string: " + text);
  }
}
