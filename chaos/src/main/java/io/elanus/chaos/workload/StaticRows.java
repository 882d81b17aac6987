package io.elanus.chaos.workload;

import io.elanus.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Rows that nobody changes, of which the right answer to every search is known by trying all.
public final class StaticRows {
  private static final int BATCH = 500;

  /// @param rows key -> vector
  private final TreeMap<Long, List<Float>> rows = new TreeMap<>();

  private StaticRows() {}

  /// Inserts and flushes `count` rows under keys of the client's own, while nothing is wrong.
  ///
  /// @throws IllegalStateException when the servers refuse that
  public static StaticRows insert(Client client, int count) {
    StaticRows made = new StaticRows();
    while (made.rows.size() < count) {
      made.insertBatch(client, Math.min(BATCH, count - made.rows.size()));
    }
    require(client.flush());
    return made;
  }

  private void insertBatch(Client client, int count) {
    Map<Long, Long> versions = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long key = client.scene().keys().freshKey(client.session());
      versions.put(key, client.scene().keys().freshVersion());
    }
    require(client.insert(versions) == Outcome.OK);
    versions.forEach((key, version) -> rows.put(key, client.scene().rows().vector(key, version)));
  }

  private static void require(boolean done) {
    if (!done) {
      throw new IllegalStateException("the rows to search cannot be written");
    }
  }

  /// What these rows pass, and no others.
  String filter() {
    return "id >= %d and id <= %d".formatted(rows.firstKey(), rows.lastKey());
  }

  /// The keys of the `count` nearest by squared distance, the nearest first.
  List<Long> nearest(List<Float> query, int count) {
    record Hit(long key, float distance) {}
    List<Hit> hits = new ArrayList<>();
    rows.forEach((key, vector) -> hits.add(new Hit(key, distance(query, vector))));
    return hits.stream()
        .sorted(Comparator.comparing(Hit::distance))
        .limit(count)
        .map(Hit::key)
        .toList();
  }

  private static float distance(List<Float> a, List<Float> b) {
    float sum = 0;
    for (int i = 0; i < a.size(); i++) {
      float difference = a.get(i) - b.get(i);
      sum += difference * difference;
    }
    return sum;
  }
}
