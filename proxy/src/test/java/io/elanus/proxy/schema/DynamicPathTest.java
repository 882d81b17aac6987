package io.elanus.proxy.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicPathTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          color                | color
          color["a"]           | color
          $meta["color"]       | color
          $meta['color']['a']  | color
          ["a b"][0]           | a b
          $meta["it's"]["a"]   | it's
          $meta                | $meta
          $metadata            | $metadata
          [0]                  | [0]
          """)
  void aPathBeginsWithAKey(String path, String key) {
    assertThat(DynamicPath.key(path)).isEqualTo(key);
  }
}
