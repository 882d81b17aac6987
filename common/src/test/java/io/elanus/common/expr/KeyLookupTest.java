package io.elanus.common.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.Key;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyLookupTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id == 5                                | 5; true
          5 == id                                | 5; true
          id in [3, 1, 2]                        | 1 2 3; true
          id == 5 and big > 1                    | 5; big > 1
          big > 1 and id in [1, 2] and price < 2 | 1 2; big > 1 and price < 2.0
          id in [1, 2] and id in [2, 3]          | 2; true
          id == 1 and id == 2                    | ; true
          id in [1] and not (id == 1)            | 1; not (id == 1)
          id == 1 or big > 1                     | none
          id != 1                                | none
          id > 1                                 | none
          id + 1 == 2                            | none
          big == 1                               | none
          not (id == 1)                          | none
          """)
  void keysAndTheRest(String filter, String expected) {
    Expr expr = FilterParser.parse(filter, Schemas.PLAIN, Map.of());

    assertThat(shown(KeyLookup.of(expr, Schemas.PLAIN.primaryKey()))).isEqualTo(expected);
  }

  @Test
  void aFilterThatMatchesNothingOrEverythingNamesNoKeys() {
    assertThat(KeyLookup.of(Expr.ALWAYS, Schemas.PLAIN.primaryKey())).isEmpty();
    assertThat(KeyLookup.of(Expr.NEVER, Schemas.PLAIN.primaryKey())).isEmpty();
  }

  private static String shown(Optional<KeyLookup> lookup) {
    return lookup
        .map(l ->
            l.keys().stream().map(KeyLookupTest::shown).collect(Collectors.joining(" "))
                + "; "
                + ExprPrinter.print(l.rest(), Schemas.PLAIN))
        .orElse("none");
  }

  private static String shown(Key key) {
    return switch (key) {
      case Key.LongKey k -> Long.toString(k.value());
      case Key.TextKey k -> k.value();
    };
  }
}
