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
          color                | color     | ``
          color["a"]           | color     | ["a"]
          $meta["color"]       | color     | ``
          $meta['color']['a']  | color     | ['a']
          ["a b"][0]           | a b       | [0]
          $meta["it's"]["a"]   | it's      | ["a"]
          $meta                | $meta     | ``
          $metadata            | $metadata | ``
          [0]                  | [0]       | ``
          """)
  void aPathIsAKeyAndWhatIsBelow(String path, String key, String below) {
    assertThat(DynamicPath.key(path)).isEqualTo(key);
    assertThat(DynamicPath.below(path)).isEqualTo(below);
  }
}
