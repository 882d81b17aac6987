package io.elanus.common.manifest;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.format.Format;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.List;

/// The bytes of a spill file: records of one shard as they came from the log (docs/formats/spill-file.md).
///
/// ```
/// magic "ELSL", version 1
/// collection id (8), shard index (4)
/// log incarnation (8)
/// records        list of: offset (8), next offset (8), count of bytes (varint), bytes
/// CRC32C (4)
/// ```
public final class SpillFile {
  private static final Format FORMAT = new Format("spill file", "ELSL", 1);

  /// The least one record takes, to judge a count by.
  private static final int RECORD_BYTES = 17;

  private SpillFile() {}

  /// @param records at least one, of one log, in its order
  public static byte[] write(ShardId shard, List<WalRecord> records) {
    long bytes = records.stream().mapToLong(record -> record.bytes().length + 32L).sum();
    return FORMAT.encode((int) Math.min(bytes + 64, 1 << 30), out -> write(out, shard, records));
  }

  /// How a manifest names the file.
  public static SpillEntry entry(ObjectKey key, byte[] bytes, List<WalRecord> records) {
    return new SpillEntry(
        new FileRef(key, bytes.length, Format.crc32c(bytes, 0, bytes.length)),
        records.size(),
        records.getFirst().position().offset(),
        records.getLast().next().offset());
  }

  /// @param entry what the manifest says of it
  /// @throws io.elanus.common.error.DbException `CORRUPT`, also for the file of another entry
  public static List<WalRecord> read(byte[] bytes, ShardId shard, SpillEntry entry) {
    if (bytes.length != entry.file().sizeBytes()
        || Format.crc32c(bytes, 0, bytes.length) != entry.file().crc32c()) {
      throw ErrorCode.CORRUPT.because(
          "%s is not the spill file its manifest names", entry.file().key());
    }
    return FORMAT.decode(bytes, in -> read(in, shard));
  }

  private static void write(ByteWriter out, ShardId shard, List<WalRecord> records) {
    ManifestCodec.writeShard(out, shard);
    out.i64(records.getFirst().position().incarnation());
    out.list(
        records,
        record -> {
          out.i64(record.position().offset());
          out.i64(record.next().offset());
          out.varint(record.bytes().length);
          out.bytes(record.bytes());
        });
  }

  private static List<WalRecord> read(ByteReader in, ShardId shard) {
    ShardId found = ManifestCodec.readShard(in);
    if (!found.equals(shard)) {
      throw in.corrupt("of shard %s, expected %s".formatted(found, shard));
    }
    long incarnation = in.i64();
    return in.list(
        RECORD_BYTES,
        () ->
            new WalRecord(
                new Position(incarnation, in.i64()),
                new Position(incarnation, in.i64()),
                in.bytes(in.count(1))));
  }
}
