package io.elanus.adapters.kafka;

import io.elanus.common.error.ErrorCode;
import java.util.regex.Pattern;

/// The topic that is the log.
///
/// @param name letters, digits, `.`, `_` and `-`
/// @param logCount its partitions; fixed for the life of a cluster
/// @param replication copies of each record. One copy is for development: the loss of a disk is the loss of
///     acknowledged writes
/// @param maxRecordBytes of one record, before compression
public record KafkaTopic(String name, int logCount, int replication, int maxRecordBytes) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  /// As many logs as Milvus has channels by default, records as large as the embedded log takes them.
  public static KafkaTopic named(String name) {
    return new KafkaTopic(name, 16, 3, 16 << 20);
  }

  public KafkaTopic {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw ErrorCode.INVALID_PARAMETER.because("'%s' cannot be the name of a kafka topic", name);
    }
    require(logCount, 1, 10_000, "log count");
    require(replication, 1, 15, "replication factor");
    require(maxRecordBytes, 1 << 10, 128 << 20, "largest record, in bytes,");
  }

  private static void require(int value, int min, int max, String what) {
    if (value < min || value > max) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%s of the kafka topic is %d, must be from %d to %d", what, value, min, max);
    }
  }

  /// Whether several brokers may believe they lead a partition.
  boolean isReplicated() {
    return replication > 1;
  }

  /// What the topic has to let through: a record that does not compress, with what Kafka adds to it.
  int maxMessageBytes() {
    return maxRecordBytes + 16 * 1024;
  }
}
