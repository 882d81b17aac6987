package io.elanus.common.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FormatTest {
  private static final Format FIRST = new Format("thing", "ELTH", 1);
  private static final Format SECOND = new Format("thing", "ELTH", 2);
  private static final Format THIRD = new Format("thing", "ELTH", 3);

  @Test
  void bytesAreMagicVersionBodyAndChecksumInLittleEndian() {
    byte[] bytes = FIRST.encode(0, out -> out.i32(0x01020304));

    assertThat(Arrays.copyOf(bytes, 10))
        .isEqualTo(new byte[] {'E', 'L', 'T', 'H', 1, 0, 4, 3, 2, 1});
    assertThat(new ByteReader("trailer", bytes, bytes.length).at(10).i32())
        .isEqualTo(Format.crc32c(bytes, 0, 10));
    assertThat(bytes).hasSize(14);
  }

  @Test
  void theChecksumIsCrc32cAsEveryoneComputesIt() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(Format.crc32c(digits, 0, 9)).isEqualTo(0xe3069283);
  }

  @Test
  void aReaderReadsItsVersionAndTheOneBefore() {
    byte[] old = SECOND.encode(0, out -> out.u8(7));

    assertThat(SECOND.<Integer>decode(old, ByteReader::u8)).isEqualTo(7);
    assertThat(THIRD.<Integer>decode(old, ByteReader::u8)).isEqualTo(7);
    assertRefused(FIRST, old, "thing: version 2 is newer than this reader, which knows up to 1");
    assertRefused(
        THIRD,
        FIRST.encode(0, out -> out.u8(7)),
        "thing: version 1 is older than this reader, which knows from 2");
  }

  @Test
  void refusalsSayWhatAndWhere() {
    byte[] bytes = FIRST.encode(0, out -> out.u8(7));
    byte[] twoBytes = FIRST.encode(0, out -> out.u16(7));
    byte[] empty = FIRST.encode(0, out -> {});
    byte[] flipped = bytes.clone();
    flipped[6] ^= 1;

    assertRefused(
        new Format("other", "ELOT", 1),
        bytes,
        "other: at offset 4: magic is 'ELTH', expected 'ELOT'");
    assertRefused(FIRST, twoBytes, "thing: at offset 7: 1 bytes left over");
    assertRefused(FIRST, empty, "thing: at offset 6: 1 bytes wanted, 0 left");
    assertThatThrownBy(() -> FIRST.decode(flipped, ByteReader::u8))
        .hasMessageStartingWith("thing: checksum of 7 bytes is ");
  }

  @Test
  void whatAValueRefusesIsCorrupt() {
    byte[] bytes = FIRST.encode(0, out -> out.u8(7));

    assertThatThrownBy(() ->
            FIRST.decode(
                bytes,
                in -> {
                  throw new IllegalArgumentException("seven of " + in.u8());
                }))
        .isInstanceOf(DbException.class)
        .hasMessage("thing: at offset 7: seven of 7")
        .hasRootCauseMessage("seven of 7");
  }

  @Test
  void everyKindOfValueComesBack() {
    Random random = new Random(7);
    long[] longs = random.longs(100).toArray();
    float[] floats = {1.5f, Float.NaN, Float.NEGATIVE_INFINITY, -0.0f};
    double[] doubles = random.doubles(100).toArray();
    int[] ints = random.ints(100).toArray();

    byte[] bytes =
        FIRST.encode(
            0,
            out -> {
              for (long value : longs) {
                out.varint(value >>> (value & 63));
                out.zigzag(value >> (value & 63));
              }
              out.text("müsli 漢字 😀");
              out.longs(longs);
              out.floats(floats);
              out.doubles(doubles);
              out.ints(ints);
              out.list(List.of("a", "", "b"), out::text);
              out.optional(Optional.of(5L), out::i64);
              out.optional(Optional.<Long>empty(), out::i64);
              out.bool(true);
            });

    String read =
        FIRST.decode(
            bytes,
            in -> {
              for (long value : longs) {
                assertThat(in.varint()).isEqualTo(value >>> (value & 63));
                assertThat(in.zigzag()).isEqualTo(value >> (value & 63));
              }
              String text = in.text();
              assertThat(in.longs(100)).isEqualTo(longs);
              assertThat(in.floats(4)).isEqualTo(floats);
              assertThat(in.doubles(100)).isEqualTo(doubles);
              assertThat(in.ints(100)).isEqualTo(ints);
              assertThat(in.list(1, in::text)).containsExactly("a", "", "b");
              assertThat(in.<Long>optional(in::i64)).contains(5L);
              assertThat(in.<Long>optional(in::i64)).isEmpty();
              assertThat(in.bool()).isTrue();
              return text;
            });
    assertThat(read).isEqualTo("müsli 漢字 😀");
  }

  @Test
  void aCorruptLengthAllocatesNothing() {
    byte[] bytes = FIRST.encode(0, out -> out.varint(Integer.MAX_VALUE));

    assertRefusedBy(bytes, in -> in.text());
    assertRefusedBy(bytes, in -> in.list(8, in::i64));
    assertRefusedBy(bytes, in -> in.floats(Integer.MAX_VALUE));
    assertRefusedBy(bytes, in -> in.floats(Long.MAX_VALUE));
    assertRefusedBy(bytes, in -> in.longs(-1));
    assertRefusedBy(bytes, in -> in.bytes(Integer.MAX_VALUE));
  }

  @Test
  void impossibleValuesAreRefused() {
    assertRefusedBy(FIRST.encode(0, out -> out.u8(2)), ByteReader::bool);
    assertRefusedBy(FIRST.encode(0, out -> out.u8(3)), in -> in.flags(1));
    assertRefusedBy(FIRST.encode(0, out -> out.longs(new long[] {-1, -1})), ByteReader::varint);
  }

  @Test
  void halfASurrogatePairIsRefusedByTheWriter() {
    for (String bad : List.of("\ud83d", "a\ude00b", "\ud83dx", "\ude00\ud83d")) {
      assertThatThrownBy(() -> ByteWriter.utf8(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("half a surrogate pair at character ");
    }
  }

  private static void assertRefusedBy(byte[] bytes, Function<ByteReader, Object> body) {
    assertThatThrownBy(() -> FIRST.decode(bytes, body))
        .isInstanceOf(DbException.class)
        .hasMessageStartingWith("thing: at offset ");
  }

  private static void assertRefused(Format format, byte[] bytes, String message) {
    assertThatThrownBy(() -> format.decode(bytes, ByteReader::u8))
        .isInstanceOf(DbException.class)
        .hasMessage(message);
  }
}
