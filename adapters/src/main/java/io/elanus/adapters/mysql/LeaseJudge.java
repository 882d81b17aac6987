package io.elanus.adapters.mysql;

import io.elanus.adapters.mysql.LeaseTable.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells which leases are dead, by this process's monotonic clock alone: whose counter has stood
/// still for its time to live plus a margin.
///
/// ```
///  holder     renew sent ......... must stop acting
///                  | landed            |
///  observer        |   seen            |     asked again: the same
///                  |    |--- time to live + margin ---|  dead
/// ```
///
/// The time counts from the answer that showed the counter first, so from after the renewal was sent.
/// After a pause in which this process could not see renewals, and holders perhaps could not renew,
/// everybody has the full time again. Owned by one thread.
final class LeaseJudge {
  /// @param diesAt when the lease is dead if it is not renewed
  record Verdict(Row lease, long diesAt, boolean isDead) {}

  private record Sighting(long counter, long nanoTime) {}

  /// Clocks of two machines run apart by less than a thousandth.
  private static final int MARGIN_PARTS = 20;

  private static final Duration LEAST_MARGIN = Duration.ofMillis(20);

  private Map<Long, Sighting> sightings = Map.of();
  private long lastAnsweredAt;

  LeaseJudge(long nanoTime) {
    this.lastAnsweredAt = nanoTime;
  }

  /// @param rows that were asked for at `askedAt` and came at `answeredAt`
  List<Verdict> judge(List<Row> rows, long askedAt, long answeredAt) {
    Duration unseen = Duration.ofNanos(answeredAt - lastAnsweredAt);
    Map<Long, Sighting> seen = new HashMap<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (Row row : rows) {
      Sighting sighting =
          findSame(row, unseen).orElseGet(() -> new Sighting(row.counter(), answeredAt));
      long diesAt = sighting.nanoTime + row.ttl().plus(margin(row.ttl())).toNanos();
      seen.put(row.id(), sighting);
      verdicts.add(new Verdict(row, diesAt, askedAt - diesAt >= 0));
    }
    sightings = seen;
    lastAnsweredAt = answeredAt;
    return verdicts;
  }

  /// The first sight of this counter, without a gap since.
  private Optional<Sighting> findSame(Row row, Duration unseen) {
    return Optional.ofNullable(sightings.get(row.id()))
        .filter(last -> last.counter == row.counter())
        .filter(_ -> unseen.compareTo(row.ttl().dividedBy(2)) <= 0);
  }

  private static Duration margin(Duration ttl) {
    Duration part = ttl.dividedBy(MARGIN_PARTS);
    return part.compareTo(LEAST_MARGIN) > 0 ? part : LEAST_MARGIN;
  }
}
