package io.elanus.common.catalog;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.format.Format;

/// The bytes of a catalog export (docs/formats/catalog.md).
///
/// ```
/// offset  size
/// 0       4     magic "ELCX"
/// 4       2     version, 1
/// 6       8     incarnation of the cluster
/// 14      8     timestamp
/// 22      8     next id
/// 30      ...   list of entries
/// end-4   4     CRC32C of all bytes before it
///
/// entry         key (text), count of value bytes (varint), value
/// ```
public final class CatalogExportCodec {
  private static final Format FORMAT = new Format("catalog export", "ELCX", 1);

  /// The least one entry takes: two counts.
  private static final int ENTRY_BYTES = 2;

  private static final int USUAL_ENTRY_BYTES = 512;

  private CatalogExportCodec() {}

  public static byte[] encode(CatalogExport export) {
    long expected = 64 + (long) USUAL_ENTRY_BYTES * export.entries().size();
    return FORMAT.encode((int) Math.min(expected, 1 << 30), out -> write(out, export));
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static CatalogExport decode(byte[] bytes) {
    return FORMAT.decode(bytes, CatalogExportCodec::read);
  }

  private static void write(ByteWriter out, CatalogExport export) {
    out.i64(export.incarnation());
    out.i64(export.timestamp());
    out.i64(export.nextId());
    out.list(
        export.entries(),
        entry -> {
          out.text(entry.key());
          out.varint(entry.value().length);
          out.bytes(entry.value());
        });
  }

  private static CatalogExport read(ByteReader in) {
    return new CatalogExport(
        in.i64(),
        in.i64(),
        in.i64(),
        in.list(ENTRY_BYTES, () -> new CatalogEntry(in.text(), in.bytes(in.count(1)))));
  }
}
