package io.elanus.segment.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BlobsTest {
  /// Lengths and texts, one after the other; with `tail` bytes of zeros behind them.
  private static MemorySegment column(int tail, Object... parts) {
    ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    for (Object part : parts) {
      switch (part) {
        case Integer length -> bytes.putInt(length);
        case String text -> bytes.put(text.getBytes(StandardCharsets.UTF_8));
        default -> throw new IllegalArgumentException("" + part);
      }
    }
    return MemorySegment.ofArray(bytes.array()).asSlice(0, bytes.position() + tail);
  }

  @Test
  void theBytesOfEachRowAreFound() {
    Blobs blobs = Blobs.scan(column(0, 1, "a", 0, 3, "bcd"), 3);

    assertThat(blobs.rowCount()).isEqualTo(3);
    assertThat(Stream.of(0, 1, 2).map(row -> new String(blobs.get(row), StandardCharsets.UTF_8)))
        .containsExactly("a", "", "bcd");
    assertThat(Blobs.scan(column(0), 0).rowCount()).isZero();
  }

  @ParameterizedTest
  @MethodSource("lengthsThatDoNotAddUp")
  void lengthsThatDoNotAddUpAreDamage(MemorySegment data, int rowCount, String text) {
    assertThatThrownBy(() -> Blobs.scan(data, rowCount))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContaining(text);
  }

  static Stream<Arguments> lengthsThatDoNotAddUp() {
    return Stream.of(
        // 8 GB of starts would be asked for, if the number were believed
        Arguments.of(
            column(0, 1, "a"), Integer.MAX_VALUE, "2147483647 values in a column of 5 bytes"),
        Arguments.of(column(0, 1, "a"), 2, "2 values in a column of 5 bytes"),
        Arguments.of(column(0, 4, "abcd"), 2, "value 1 starts behind the end of its column"),
        Arguments.of(column(3, 1, "a"), 2, "value 1 starts behind the end of its column"),
        Arguments.of(column(0, -1, "abcd"), 1, "value 0 has the length -1"),
        Arguments.of(
            column(0, Integer.MAX_VALUE, Integer.MAX_VALUE),
            2,
            "value 1 starts behind the end of its column"),
        Arguments.of(column(0, 3, "ab"), 1, "1 values take 7 bytes of the 6 of their column"),
        Arguments.of(column(1, 2, "ab"), 1, "1 values take 6 bytes of the 7 of their column"),
        Arguments.of(column(1), 0, "0 values take 0 bytes of the 1 of their column"));
  }
}
