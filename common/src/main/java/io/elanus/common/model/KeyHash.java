package io.elanus.common.model;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Which shard a key belongs to, and which partition a partition key. The function is part of the format: it
/// never changes for a collection.
public final class KeyHash {
  private KeyHash() {}

  /// @return 0..shardCount - 1
  public static int shard(Key key, int shardCount) {
    return (int) Long.remainderUnsigned(hash(key), shardCount);
  }

  /// @return 0..partitionCount - 1
  public static int partition(Key key, int partitionCount) {
    return (int) Long.remainderUnsigned(hash(key), partitionCount);
  }

  /// One of `2^bits` slots. Taken from other bits than the shard.
  public static int slot(Key key, int bits) {
    return (int) (hash(key) >>> Long.SIZE - bits);
  }

  /// Integers through the finalizer of MurmurHash3 (Appleby), texts through CRC-32C of their UTF-8
  /// bytes and then the same.
  static long hash(Key key) {
    return switch (key) {
      case Key.LongKey k -> mix(k.value());
      case Key.TextKey k -> mix(crc(k.value().getBytes(StandardCharsets.UTF_8)));
    };
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }

  private static long mix(long h) {
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }
}
