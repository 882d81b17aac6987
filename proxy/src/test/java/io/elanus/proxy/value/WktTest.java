package io.elanus.proxy.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WktTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          POINT (30.123 -10.456)                   | POINT (30.123 -10.456)
          point(1e3 -0)                            | POINT (1000 0)
          POINT EMPTY                              | POINT EMPTY
          LINESTRING (0 0, 1 1,2 1.5)              | LINESTRING (0 0, 1 1, 2 1.5)
          POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1)) | POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))
          MULTIPOINT (1 2, 3 4)                    | MULTIPOINT ((1 2), (3 4))
          MULTIPOINT ((1 2), (3 4))                | MULTIPOINT ((1 2), (3 4))
          MULTILINESTRING ((0 0, 1 1), (2 2, 3 3)) | MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))
          MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))    | MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))
          GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1)) | GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))
          GEOMETRYCOLLECTION EMPTY                 | GEOMETRYCOLLECTION EMPTY
          POINT (0.1 123456789012345680)           | POINT (0.1 123456789012345680)
          """)
  void whatIsReadIsWritten(String text, String expected) {
    assertThat(Wkt.ofWkb(Wkt.toWkb(text))).isEqualTo(expected);
  }

  @Test
  void theBytesAreThoseOfTheStandard() {
    assertThat(HexFormat.of().formatHex(Wkt.toWkb("POINT (1 2)")))
        .isEqualTo("0101000000000000000000f03f0000000000000040");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CIRCLE (1 2)",
        "POINT",
        "POINT (1)",
        "POINT (1 2",
        "POINT (1 2) x",
        "POINT (nan 1)",
        "POINT (1e999 1)",
        "LINESTRING ()",
        "POLYGON (1 2)"
      })
  void whatIsNoGeometryIsRefused(String text) {
    assertThatThrownBy(() -> Wkt.toWkb(text))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining("invalid wkt data");
  }

  @Test
  void collectionsDoNotLieInEachOtherForEver() {
    String deep = "GEOMETRYCOLLECTION (".repeat(50) + "POINT (1 2)" + ")".repeat(50);

    assertThatThrownBy(() -> Wkt.toWkb(deep)).isInstanceOf(DbException.class);
  }

  @Test
  void damagedBytesAreNoGeometry() {
    byte[] wkb = Wkt.toWkb("LINESTRING (0 0, 1 1)");
    wkb[5] = 127;

    assertThatThrownBy(() -> Wkt.ofWkb(wkb))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }
}
