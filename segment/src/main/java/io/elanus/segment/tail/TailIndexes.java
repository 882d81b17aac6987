package io.elanus.segment.tail;

import io.elanus.index.Metric;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The indexes of a chunk of the tail, all blocks of which share them. Any thread.
final class TailIndexes {
  private final Map<Over, TailIndex> all = new ConcurrentHashMap<>();

  private record Over(long fieldId, Metric metric) {}

  TailIndex of(long fieldId, Metric metric) {
    return all.computeIfAbsent(new Over(fieldId, metric), _ -> new TailIndex());
  }

  long sizeBytes() {
    return all.values().stream().mapToLong(TailIndex::sizeBytes).sum();
  }
}
