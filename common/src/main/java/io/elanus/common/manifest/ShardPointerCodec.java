package io.elanus.common.manifest;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.format.Format;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;

/// The bytes of a shard pointer, a value of the metastore (docs/formats/shard-pointer.md).
///
/// ```
/// offset  size
/// 0       4     magic "ELSP"
/// 4       2     version, 3
/// 6       8     collection id
/// 14      4     shard index
/// 18      8     version of the manifest
/// 26      8     epoch of the owner that wrote it
/// 34      8     checkpoint: log incarnation
/// 42      8     checkpoint: offset
/// 50      8     checkpoint: effective version
/// 58      8     checkpoint: horizon
/// 66      8     oldest readable manifest version
/// 74      ...   object key of the manifest: count of bytes (varint), UTF-8
/// ...     16    covered: log incarnation, offset
/// ...     8     since version 3, fence; before 0
/// end-4   4     CRC32C of all bytes before it
/// ```
public final class ShardPointerCodec {
  private static final Format FORMAT = new Format("shard pointer", "ELSP", 3);

  private ShardPointerCodec() {}

  public static byte[] encode(ShardPointer pointer) {
    return FORMAT.encode(256, out -> write(out, pointer));
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static ShardPointer decode(byte[] bytes) {
    return FORMAT.decode(bytes, ShardPointerCodec::read);
  }

  private static void write(ByteWriter out, ShardPointer pointer) {
    ManifestCodec.writeShard(out, pointer.shard());
    out.i64(pointer.version());
    out.i64(pointer.epoch());
    out.i64(pointer.checkpoint().incarnation());
    out.i64(pointer.checkpoint().offset());
    out.i64(pointer.effectiveVersion());
    out.i64(pointer.horizon());
    out.i64(pointer.oldestReadable());
    out.text(pointer.manifest().value());
    out.i64(pointer.covered().incarnation());
    out.i64(pointer.covered().offset());
    out.i64(pointer.fence());
  }

  private static ShardPointer read(ByteReader in, int format) {
    ShardId shard = ManifestCodec.readShard(in);
    long version = in.i64();
    long epoch = in.i64();
    Position checkpoint = new Position(in.i64(), in.i64());
    long effectiveVersion = in.i64();
    long horizon = in.i64();
    long oldestReadable = in.i64();
    ObjectKey manifest = new ObjectKey(in.text());
    Position covered = new Position(in.i64(), in.i64());
    long fence = format < 3 ? 0 : in.i64();
    return new ShardPointer(
        shard,
        manifest,
        version,
        epoch,
        checkpoint,
        effectiveVersion,
        horizon,
        oldestReadable,
        covered,
        fence);
  }
}
