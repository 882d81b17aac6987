package io.elanus.chaos.workload;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.workload.Client.Timed;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Searches among rows that nobody changes, and knows the right answers: one that is incomplete is a finding,
/// however quickly it came.
public final class Searching implements Load.Work {
  private static final int LIMIT = 10;

  private final StaticRows rows;
  private final Level level;
  private final Random random;
  private final Pace pace;

  /// @param pace mean time between two searches
  public Searching(StaticRows rows, Level level, long seed, Duration pace) {
    this.rows = rows;
    this.level = level;
    this.random = new Random(seed);
    this.pace = new Pace(random, pace);
  }

  /// What the searches of a level are called in the history.
  public static String request(Level level) {
    return "search-" + level.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void step(Client client) {
    List<Float> query = client.scene().rows().vector(random.nextLong(), 0);
    client
        .searchRows(request(level), level, rows.filter(), query, LIMIT)
        .ifPresent(found -> check(client, found, query));
    pace.rest();
  }

  private void check(Client client, Timed<List<Map<String, Object>>> found, List<Float> query) {
    List<Long> keys = List.copyOf(client.verified(found).keySet());
    if (!rows.areNearest(keys, query, LIMIT)) {
      List<Long> nearest = rows.nearest(query, LIMIT).toList();
      String text = "%s returned %s, nearest are %s".formatted(request(level), keys, nearest);
      client.find(Anomaly.WRONG_SEARCH, -1, text, found.span());
    }
  }
}
