package io.elanus.chaos.workload;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Span;
import io.elanus.chaos.workload.Client.Timed;
import io.elanus.chaos.workload.Keyspace.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads every key once, strongly, while nobody writes, and demands that `query`, `count(*)` and `search`
/// agree: the reads go into the history for the set checker.
public final class Audit implements AutoCloseable {
  /// A write of unknown outcome may land between two reads; what is wrong stays wrong.
  private static final int LOOKS = 5;

  private static final int RANGE_KEYS = 1_000;

  private final Client client;
  private final Patience patience;

  public Audit(Scene scene, int session, Patience patience) {
    this.client = new Client(scene, session, Client.Retries.NONE);
    this.patience = patience;
  }

  /// @throws Patience.Exhausted when the servers do not answer in time
  public void run() {
    for (int look = 1; !isConsistent(look == LOOKS); look++) {
      if (look == LOOKS) {
        return;
      }
    }
  }

  private boolean isConsistent(boolean last) {
    long total = 0;
    boolean consistent = true;
    for (Range range : client.scene().keys().ranges(RANGE_KEYS)) {
      Map<Long, Long> rows = rows(range);
      total += rows.size();
      long start = System.nanoTime();
      long count = patience.insist(() -> client.count(range.filter())).value();
      consistent &=
          agrees(last, Anomaly.WRONG_COUNT, range.filter(), (long) rows.size(), count, start);
      Map<Long, Long> hits = hits(range, rows.size());
      consistent &= agrees(last, Anomaly.WRONG_SEARCH, range.filter(), rows, hits, start);
    }
    long start = System.nanoTime();
    long all = patience.insist(() -> client.count("")).value();
    return consistent & agrees(last, Anomaly.WRONG_COUNT, "all rows", total, all, start);
  }

  private Map<Long, Long> rows(Range range) {
    Timed<List<Map<String, Object>>> found =
        patience.insist(() -> client.queryRows("audit", Level.STRONG, range.filter()));
    Map<Long, Long> rows = client.verified(found);
    Map<Long, Long> versions = new HashMap<>(rows);
    for (long key = range.start(); key < range.end(); key++) {
      versions.putIfAbsent(key, Event.ABSENT);
    }
    versions.forEach((key, version) ->
        client
            .scene()
            .history()
            .add(new Event.Read(client.by("audit"), Level.STRONG, key, version, found.span())));
    return rows;
  }

  /// Room for more than there should be.
  private Map<Long, Long> hits(Range range, int expected) {
    List<Float> vector = client.scene().rows().vector(range.start(), 0);
    return client.verified(
        patience.insist(() ->
            client.searchRows(
                "audit-search", Level.STRONG, range.filter(), vector, expected + 10)));
  }

  private boolean agrees(
      boolean last, Anomaly anomaly, String where, Object query, Object other, long start) {
    boolean same = query.equals(other);
    if (!same && last) {
      String text = "%s: query says %s, %s says %s".formatted(where, query, anomaly, other);
      client.find(anomaly, -1, text, Span.since(start));
    }
    return same;
  }

  @Override
  public void close() {
    client.close();
  }
}
