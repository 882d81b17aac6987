package io.elanus.chaos.workload;

import io.elanus.chaos.history.Outcome;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows that nobody changes, of which the right answer to every search is known by trying all.
public final class StaticRows {
  private static final int BATCH = 500;

  /// Relative, of a distance.
  private static final float ROUNDING = 1e-5f;

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

  /// Whether `keys` are as near as the `count` nearest, one after the other. Rows that are equally near but for
  /// the last bits of a float may change places: servers add up in another order.
  boolean areNearest(List<Long> keys, List<Float> query, int count) {
    List<Float> found =
        keys.stream()
            .distinct()
            .filter(rows::containsKey)
            .map(key -> distance(query, key))
            .toList();
    List<Float> right = nearest(query, count).map(key -> distance(query, key)).toList();
    return found.size() == keys.size()
        && found.size() == right.size()
        && IntStream.range(0, found.size()).allMatch(i -> areSame(found.get(i), right.get(i)));
  }

  /// The keys of the `count` nearest by squared distance, the nearest first.
  Stream<Long> nearest(List<Float> query, int count) {
    return rows.keySet().stream()
        .sorted(Comparator.comparing(key -> distance(query, key)))
        .limit(count);
  }

  private static boolean areSame(float a, float b) {
    return Math.abs(a - b) <= ROUNDING * Math.max(a, b);
  }

  private float distance(List<Float> query, long key) {
    return distance(query, Objects.requireNonNull(rows.get(key)));
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
