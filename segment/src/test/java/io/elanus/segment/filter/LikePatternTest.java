package io.elanus.segment.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LikePatternTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "abc, abc, true",
        "abc, abcd, false",
        "ab%, abc, true",
        "%bc, abc, true",
        "%b%, abc, true",
        "a%a, a, false",
        "a%a, aa, true",
        "%, \"\", true",
        "_, \"\", false",
        "_, ü, true",
        "_, \uD83D\uDE00, true",
        "__, \uD83D\uDE00, false",
        "%_, \uD83D\uDE00, true",
        "a\\%, a%, true",
        "a\\%, ab, false",
        "a\\_%, a_b, true",
        "a\\\\, a\\, true",
        "%ab%ab%, abab, true",
        "%ab%ab%, aab, false",
        "a_c%e, abcde, true",
      })
  void matchesAsSqlSays(String pattern, String text, boolean expected) {
    assertThat(LikePattern.of(pattern).matches(text)).isEqualTo(expected);
  }

  @Test
  void agreesWithRegularExpressions() {
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      String pattern = text(random, "ab_%ü", 7);
      String text = text(random, "abü", 9);
      String regex = pattern.replace("%", ".*").replace("_", ".");

      assertThat(LikePattern.of(pattern).matches(text))
          .as("%s like %s", text, pattern)
          .isEqualTo(Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches());
    }
  }

  private static String text(Random random, String alphabet, int maxLength) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(maxLength + 1); n > 0; n--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
