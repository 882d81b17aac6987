package io.elanus.segment.delete;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.PartitionId;
import io.elanus.common.object.ObjectKey;
import java.util.List;
import java.util.Optional;

/// The bytes of a delete file (docs/formats/delete-file.md).
///
/// ```
/// magic "ELDF", version 2
/// batches: count, each:
///   version (8), up to (8), partition: optional (8)
///   key type (1; 1: integers, 2: texts, since version 2 also 3: every key, and none follows),
///   keys: count, each 8 bytes or a text
/// CRC32C (4)
/// ```
public final class DeleteFile {
  private static final Format FORMAT = new Format("delete file", "ELDF", 2);
  private static final int INTEGERS = 1;
  private static final int TEXTS = 2;
  private static final int EVERY_KEY = 3;
  private static final int MIN_BATCH_BYTES = 18;

  private DeleteFile() {}

  /// @param deletes by ascending version
  public static byte[] write(List<Deletes> deletes) {
    requireAscending(deletes);
    long expected = deletes.stream().mapToLong(Deletes::sizeBytes).sum();
    return FORMAT.encode(
        (int) Math.min(expected, 1 << 28),
        out -> out.list(deletes, batch -> writeBatch(out, batch)));
  }

  /// What the manifest says about a file of `deletes`, of which there is at least one.
  public static DeleteFileEntry entry(ObjectKey key, byte[] bytes, List<Deletes> deletes) {
    return new DeleteFileEntry(
        new FileRef(key, bytes.length, Format.crc32c(bytes, 0, bytes.length)),
        deletes.stream().mapToInt(Deletes::count).sum(),
        deletes.getFirst().version(),
        deletes.getLast().version());
  }

  /// The deletes in `bytes`, by ascending version.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when the bytes are not those `entry`
  ///     describes
  public static List<Deletes> read(byte[] bytes, DeleteFileEntry entry) {
    FileRef file = entry.file();
    int crc = Format.crc32c(bytes, 0, bytes.length);
    if (bytes.length != file.sizeBytes() || crc != file.crc32c()) {
      throw ErrorCode.CORRUPT.because(
          "%s: %d bytes with checksum %08x, expected %d with %08x",
          file.key(), bytes.length, crc, file.sizeBytes(), file.crc32c());
    }
    return read(bytes);
  }

  /// As [#read(byte[], DeleteFileEntry)], for bytes nobody described.
  public static List<Deletes> read(byte[] bytes) {
    return FORMAT.decode(
        bytes,
        in -> {
          List<Deletes> deletes = in.list(MIN_BATCH_BYTES, () -> readBatch(in));
          requireAscending(deletes);
          return deletes;
        });
  }

  private static void requireAscending(List<Deletes> deletes) {
    for (int i = 1; i < deletes.size(); i++) {
      if (deletes.get(i).version() < deletes.get(i - 1).version()) {
        throw new IllegalArgumentException(
            "version %d after %d"
                .formatted(deletes.get(i).version(), deletes.get(i - 1).version()));
      }
    }
  }

  private static void writeBatch(ByteWriter out, Deletes batch) {
    out.i64(batch.version());
    out.i64(batch.upTo());
    out.optional(batch.partition(), partition -> out.i64(partition.value()));
    batch.keys().ifPresentOrElse(keys -> writeKeys(out, keys), () -> out.u8(EVERY_KEY));
  }

  private static void writeKeys(ByteWriter out, KeyColumn keys) {
    switch (keys) {
      case Int64Column integers -> {
        out.u8(INTEGERS);
        out.varint(integers.values().length);
        out.longs(integers.values());
      }
      case VarCharColumn texts -> {
        out.u8(TEXTS);
        out.list(List.of(texts.values()), out::text);
      }
    }
  }

  private static Deletes readBatch(ByteReader in) {
    return new Deletes(
        in.i64(), in.i64(), in.optional(() -> new PartitionId(in.i64())), readKeys(in));
  }

  private static Optional<KeyColumn> readKeys(ByteReader in) {
    int type = in.u8();
    return switch (type) {
      case INTEGERS -> Optional.of(new Int64Column(in.longs(in.count(8))));
      case TEXTS -> Optional.of(new VarCharColumn(in.list(1, in::text).toArray(String[]::new)));
      case EVERY_KEY -> Optional.empty();
      default -> throw in.corrupt("unknown key type %d".formatted(type));
    };
  }
}
