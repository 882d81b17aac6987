package io.elanus.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.format.Damage;
import io.elanus.common.format.GoldenFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogExportCodecTest {
  private static final CatalogExport EMPTY = new CatalogExport(0x1234, 7, 1_000, List.of());

  private static final CatalogExport FULL =
      new CatalogExport(
          -2,
          0x0123_4567_89ab_cdefL,
          101_002,
          List.of(
              new CatalogEntry("catalog/collection/0000000000000001001", new byte[] {8, -23, 7}),
              new CatalogEntry("catalog/database/0000000000000000001", new byte[300]),
              new CatalogEntry("catalog/ünï", new byte[0])));

  @Test
  void whatIsReadIsWhatWasWritten() {
    assertThat(CatalogExportCodec.decode(CatalogExportCodec.encode(EMPTY))).isEqualTo(EMPTY);
    assertThat(CatalogExportCodec.decode(CatalogExportCodec.encode(FULL))).isEqualTo(FULL);
  }

  @Test
  void theBytesAreThoseOfTheGoldenFile() {
    new GoldenFile("catalog-1.bin").assertWrites(CatalogExportCodec.encode(FULL));
  }

  @Test
  void noDamageGoesUnnoticed() {
    Damage.assertNoticed(CatalogExportCodec.encode(FULL), CatalogExportCodec::decode);
  }
}
