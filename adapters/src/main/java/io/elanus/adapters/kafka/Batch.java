package io.elanus.adapters.kafka;

import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What one poll brought of one log, without its barriers.
///
/// @param next where to go on, after barriers too
record Batch(List<WalRecord> records, long next) {
  /// @param polled not empty
  static Batch of(long incarnation, List<ConsumerRecord<byte[], byte[]>> polled) {
    List<WalRecord> records = new ArrayList<>(polled.size());
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      if (!isBarrier(record)) {
        Position position = new Position(incarnation, record.offset());
        records.add(new WalRecord(position, position.next(), record.value()));
      }
    }
    return new Batch(records, polled.getLast().offset() + 1);
  }

  private static boolean isBarrier(ConsumerRecord<byte[], byte[]> record) {
    return record.serializedValueSize() <= 0;
  }
}
