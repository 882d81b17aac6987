package io.elanus.common.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.common.model.CollectionSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A filter as a client sends it: a checked tree, or a client's mistake. The first byte chooses the schema.
public final class FilterFuzzTest {
  private static final Map<String, Literal> TEMPLATES =
      Map.of(
          "number", new Literal.IntLiteral(7),
          "text", new Literal.TextLiteral("x"),
          "list",
              new Literal.ListLiteral(
                  List.of(new Literal.IntLiteral(1), new Literal.FloatLiteral(2.5))));

  static List<byte[]> seeds() {
    return Stream.of(
            "id in [1, 2, 3] and price > 2.5e3 or not (flag == true)",
            "1 < tiny <= 0x1f && name like \"a%_b\\\\%\" || name in ['x', \"y\"]",
            "meta[\"a\"][0]['b'] == 1 and exists meta[\"c\"] and meta['n'] is not null",
            "big % 3 == {number} and (small + medium * 2 - 1) / 4 >= -9223372036854775808",
            "name == {text} and id not in {list} and real ** 2 < 1e-300",
            "color == \"red\" and $meta[\"x\"] > 1 and tags[0] == 1",
            "json_contains(meta[\"a\"], 1) and array_length(tags) == 2",
            "name != \"\\u00e9\\n\\x41\\101\" and other >= name",
            "(".repeat(90) + "flag" + ")".repeat(90),
            "-".repeat(99) + "1 == id",
            "not ".repeat(99) + "flag",
            "id == 1" + " or id == 2".repeat(300),
            "id in [" + "1,".repeat(500) + "2]")
        .flatMap(text -> Stream.of("a" + text, "b" + text))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      CollectionSchema schema = (input[0] & 1) == 0 ? Schemas.DYNAMIC : Schemas.PLAIN;
      String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
      Fuzzing.judge(input, Fuzzing.CLIENT, () -> parse(text, schema));
    }
  }

  private static void parse(String text, CollectionSchema schema) {
    Expr filter = FilterParser.parse(text, schema, TEMPLATES);
    FieldRefs.of(filter);
    KeyLookup.of(filter, schema.primaryKey());
    String printed = ExprPrinter.print(filter, schema);
    assertThat(FilterParser.parse(printed, schema, Map.of())).as(printed).isEqualTo(filter);
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("filter", seeds(), FilterFuzzTest::fuzzerTestOneInput);
  }
}
