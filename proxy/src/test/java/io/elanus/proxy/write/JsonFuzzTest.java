package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.proxy.catalog.IndexParams;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Texts that may be JSON, as values of rows, as undeclared keys and as parameters. An input is two of them, one behind the
/// other; its first byte says how long the first is.
public final class JsonFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of(
            "{\"a\": 1, \"b\": [true, null, {\"c\": 1.5e3}]}{\"a\": \"\\ud83d\\ude00\", \"z\": {}}",
            "{\"nprobe\": 10, \"ef\": \"40\", \"x\": [1]}{}",
            "[1, 2]{\"a\": 1e999999999}",
            "{\"a\": 1, \"a\": 2}{\"a\": 123456789012345678901234567890}")
        .map(text -> "\u0014" + text)
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      int end = 1 + Math.min(input[0] & 0xff, input.length - 1);
      byte[] first = Arrays.copyOfRange(input, 1, end);
      byte[] second = Arrays.copyOfRange(input, end, input.length);
      Fuzzing.judge(input, Fuzzing.NONE, () -> join(first, second));
      String text = new String(second, StandardCharsets.UTF_8);
      Fuzzing.judge(input, Fuzzing.CLIENT, () -> IndexParams.flatten(Map.of("params", text)));
    }
  }

  /// What a row holds and what an upsert gives, both of which were checked.
  private static void join(byte[] older, byte[] newer) {
    boolean valid = JsonText.isValid(older);
    if (JsonText.keys(older).isEmpty() || JsonText.keys(newer).isEmpty()) {
      return;
    }
    assertThat(valid).isTrue();
    byte[] joined = JsonText.joined(older, newer);
    assertThat(JsonText.isValid(joined)).isTrue();
    assertThat(JsonText.keys(joined).orElseThrow())
        .containsAll(JsonText.keys(older).orElseThrow())
        .containsAll(JsonText.keys(newer).orElseThrow());
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("json", seeds(), JsonFuzzTest::fuzzerTestOneInput);
  }
}
