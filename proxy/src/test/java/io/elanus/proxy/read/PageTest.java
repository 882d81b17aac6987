package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proxy.Requests;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PageTest {
  private static final long MARK = 460_000_000_000_000_000L;

  static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of(0, params(), new Page.None()),
        Arguments.of(MARK, params(), new Page.None()),
        Arguments.of(0, params("iterator", "True"), new Page.First()),
        Arguments.of(2, params("iterator", "true"), new Page.First()),
        Arguments.of(0, params("iterator", "False"), new Page.None()),
        Arguments.of(MARK, params("iterator", "True"), new Page.Later(MARK)),
        Arguments.of(MARK, params("iterator", "False"), new Page.Later(MARK)),
        Arguments.of(-1L, params("iterator", "True"), new Page.Later(-1L)),
        Arguments.of(Page.ENDED, params("iterator", "True"), new Page.End()),
        Arguments.of(
            2, params("iterator", "true", "guarantee_timestamp", "" + MARK), new Page.Later(MARK)),
        Arguments.of(
            MARK, params("iterator", "true", "guarantee_timestamp", "0"), new Page.First()));
  }

  private static ReadParams params(String... namesAndValues) {
    List<KeyValuePair> pairs =
        Stream.iterate(0, i -> i < namesAndValues.length, i -> i + 2)
            .map(i -> Requests.pair(namesAndValues[i], namesAndValues[i + 1]))
            .toList();
    return ReadParams.of(pairs);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void theGuaranteeSaysWhichPageItIs(long guarantee, ReadParams params, Page page) {
    assertThat(Page.of(params, guarantee)).isEqualTo(page);
  }
}
