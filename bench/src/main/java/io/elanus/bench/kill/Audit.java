package io.elanus.bench.kill;

import io.elanus.bench.MilvusCalls;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.QueryResults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Compares what the server shows after a restart with what the ledgers allow:
///
/// - acknowledged is a subset of visible: no row is lost, no delete resurrected, no upsert undone;
/// - visible is a subset of acknowledged plus unknown: no phantoms;
/// - no key twice, no byte changed.
final class Audit {
  /// Keys read at once.
  private static final int PAGE = 5_000;

  private final MilvusCalls client;
  private final Counters counters;

  Audit(MilvusCalls client, Counters counters) {
    this.client = client;
    this.counters = counters;
  }

  void check(KeyLedger ledger) {
    for (long from = ledger.firstKey(); from < ledger.endKey(); from += PAGE) {
      check(ledger, from, Math.min(ledger.endKey(), from + PAGE));
    }
  }

  private void check(KeyLedger ledger, long from, long to) {
    String range = "id >= %d and id < %d".formatted(from, to);
    Map<Long, Long> visible = visible(range);
    for (long key = from; key < to; key++) {
      long version = visible.getOrDefault(key, KeyLedger.ABSENT);
      if (!ledger.allows(key, version)) {
        counters.violation("key %d shows version %d, which it may not".formatted(key, version));
      }
      if (ledger.isUnknown(key)) {
        ledger.settle(key, version);
      }
    }
    long count = client.count(range);
    if (count != visible.size()) {
      counters.violation("%s: count(*) %d, %d keys".formatted(range, count, visible.size()));
    }
  }

  private Map<Long, Long> visible(String filter) {
    QueryResults rows = client.query(filter, ConsistencyLevel.Strong, "id", "version", "vector");
    Map<String, FieldData> columns = new HashMap<>();
    rows.getFieldsDataList().forEach(column -> columns.put(column.getFieldName(), column));
    Map<Long, Long> versions = new HashMap<>();
    if (!columns.containsKey("id")) {
      return versions;
    }
    List<Long> keys = columns.get("id").getScalars().getLongData().getDataList();
    List<Long> stored = columns.get("version").getScalars().getLongData().getDataList();
    List<Float> vectors = columns.get("vector").getVectors().getFloatVector().getDataList();
    for (int i = 0; i < keys.size(); i++) {
      if (versions.put(keys.get(i), stored.get(i)) != null) {
        counters.violation("key %d is there twice".formatted(keys.get(i)));
      }
      List<Float> vector = vectors.subList(i * Vectors.DIMENSION, (i + 1) * Vectors.DIMENSION);
      if (!vector.equals(Vectors.of(keys.get(i), stored.get(i)))) {
        counters.violation("key %d has a vector nobody wrote".formatted(keys.get(i)));
      }
    }
    return versions;
  }
}
