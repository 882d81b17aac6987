package io.elanus.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.SystemRun;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CatalogExportsTest {
  private final MemoryObjectStore objects = new MemoryObjectStore(new SystemRun());
  private final CatalogExports exports = new CatalogExports(objects);

  @Test
  void thereMayBeNone() {
    assertThat(exports.newest().export()).isEmpty();
    exports.sweep();
  }

  @Test
  void theNewestIsTheOneWithTheLargestTimestampWhateverItsIncarnation() {
    exports.add(export(3, 1));
    exports.add(export(1, 300));
    exports.add(export(2, 20));

    assertThat(exports.newest().export()).contains(export(1, 300));
    assertThat(exports.newest().damaged()).isEmpty();
  }

  @Test
  void whatIsDamagedIsPassedOverAndNamed() {
    exports.add(export(1, 10));
    ObjectKey damaged = export(1, 20).key();
    objects.create(damaged, new byte[] {1, 2, 3});
    ObjectKey misnamed = export(1, 30).key();
    objects.create(misnamed, CatalogExportCodec.encode(export(1, 11)));

    CatalogExports.Newest newest = exports.newest();

    assertThat(newest.export()).contains(export(1, 10));
    assertThat(newest.damaged()).hasSize(2);
    assertThat(newest.damaged().get(0)).contains(misnamed.value());
    assertThat(newest.damaged().get(1)).contains(damaged.value());
  }

  @Test
  void theNewestAreKeptWhenOthersAreSwept() {
    LongStream.range(0, CatalogExports.KEPT + 5).forEach(i -> exports.add(export(9, 100 + i)));

    exports.sweep();
    exports.sweep();

    List<ObjectKey> left = objects.list("", "", 100);
    assertThat(left).hasSize(CatalogExports.KEPT);
    assertThat(left.getFirst()).isEqualTo(export(9, 105).key());
    assertThat(exports.newest().export()).contains(export(9, 104 + CatalogExports.KEPT));
  }

  private static CatalogExport export(long incarnation, long timestamp) {
    return new CatalogExport(
        incarnation, timestamp, 1, List.of(new CatalogEntry("catalog/a", new byte[] {1})));
  }
}
