package io.elanus.segment.filter;

import io.elanus.common.expr.Operand.Step;
import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A stored text and paths into it: a value or none, whatever the text is. It was checked when it came in, by another
/// version maybe.
public final class JsonPathFuzzTest {
  private static final List<JsonPathReader> PATHS =
      Stream.of(
              List.<Step>of(),
              List.<Step>of(new Step.Key("n")),
              List.<Step>of(new Step.Index(1)),
              List.<Step>of(new Step.Key("deep"), new Step.Key("n"), new Step.Index(0)),
              List.<Step>of(new Step.Index(0), new Step.Key("")))
          .map(JsonPathReader::new)
          .toList();

  static List<byte[]> seeds() {
    return Stream.of(
            "{\"n\": 1, \"deep\": {\"n\": [1, \"two\", true, null, -1.5e300]}}",
            "[{\"\": [[]]}, {\"x\": {}}, 9223372036854775808]",
            "{\"n\": 1e400, \"n\": \"\\ud83d\\ude00\\u0000\"}",
            "-0.0",
            "1" + "0".repeat(500),
            "[".repeat(1_100),
            "{\"deep\":".repeat(600) + "1",
            "{\"n\": " + "[".repeat(900) + "1" + "]".repeat(900) + "}",
            "\"half",
            "{\"n\": 1} {",
            "nul")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    for (JsonPathReader path : PATHS) {
      Fuzzing.judge(input, Fuzzing.NONE, () -> path.find(input, input.length));
    }
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("jsonpath", seeds(), JsonPathFuzzTest::fuzzerTestOneInput);
  }
}
