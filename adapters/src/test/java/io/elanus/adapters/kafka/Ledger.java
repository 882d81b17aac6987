package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Wal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What several writers were told about their records, and whether a log agrees. A record is 8 bytes: its
/// writer and its number.
final class Ledger {
  private final Map<Long, ErrorCode> failed = new ConcurrentHashMap<>();
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicLong acknowledgedCount = new AtomicLong();

  static byte[] bytes(long writer, long number) {
    return ByteBuffer.allocate(8).putLong((writer << 32) + number).array();
  }

  void append(Wal wal, LogId log, long writer, long number) {
    long record = (writer << 32) + number;
    try {
      wal.append(log, bytes(writer, number));
      acknowledged.add(record);
      acknowledgedCount.incrementAndGet();
    } catch (DbException e) {
      failed.put(record, e.code());
    }
  }

  long acknowledgedCount() {
    return acknowledgedCount.get();
  }

  long unknownCount() {
    return failed.values().stream().filter(ErrorCode.OUTCOME_UNKNOWN::equals).count();
  }

  /// @param read all records of the log, in its order
  void check(List<byte[]> read) {
    List<Long> found = read.stream().map(bytes -> ByteBuffer.wrap(bytes).getLong()).toList();
    assertThat(failed.values()).isSubsetOf(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.LOG_FAILED);
    assertThat(found).doesNotHaveDuplicates().containsAll(acknowledged);
    assertThat(refused()).doesNotContainAnyElementsOf(found);
    acknowledged.stream()
        .map(record -> record >> 32)
        .distinct()
        .forEach(writer -> checkOrder(writer, found));
  }

  private List<Long> refused() {
    return failed.entrySet().stream()
        .filter(entry -> entry.getValue() == ErrorCode.LOG_FAILED)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// A record whose outcome was unknown may have landed late.
  private void checkOrder(long writer, List<Long> found) {
    assertThat(found.stream().filter(r -> r >> 32 == writer && acknowledged.contains(r)).toList())
        .isSorted();
  }
}
