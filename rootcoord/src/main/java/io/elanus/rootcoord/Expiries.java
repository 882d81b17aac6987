package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.common.wal.Wal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the shards of collections with a TTL which of their rows have outlived it, again and again: a record
/// in the log, so that all readers of a shard see a row go at the same version (docs/decisions/0103).
///
/// A record that comes twice, or late, has no effect: only what reaches further than all before it counts.
final class Expiries implements AutoCloseable {
  /// As in Milvus; in whole seconds, 0 or less for none.
  static final String TTL = "collection.ttl.seconds";

  private static final Logger log = LoggerFactory.getLogger(Expiries.class);

  /// Wakes do the work; this bounds how late a collection is noticed whose properties were changed.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /// Rows go up to so much later than their TTL says.
  private static final int SHARE = 100;

  private final Run run;
  private final Wal wal;
  private final LongSupplier timestamps;
  private final Supplier<List<Collection>> collections;
  private final Ticker ticker;

  // the ticker's
  private final Map<CollectionId, Deadline> due = new HashMap<>();

  /// @param timestamps as this leader gives them out; fails when it leads no more
  /// @param collections of the catalog, without those that are being dropped
  Expiries(Run run, Wal wal, LongSupplier timestamps, Supplier<List<Collection>> collections) {
    this.run = run;
    this.wal = wal;
    this.timestamps = timestamps;
    this.collections = collections;
    this.ticker = Ticker.start(run, "expiries", LOOK, this::round);
  }

  @Override
  public void close() {
    ticker.close();
  }

  private void round() {
    Map<CollectionId, Collection> expiring = new HashMap<>();
    for (Collection collection : collections.get()) {
      if (ttl(collection).isPresent()) {
        expiring.put(collection.id(), collection);
      }
    }
    due.keySet().retainAll(expiring.keySet());
    for (Collection collection : expiring.values()) {
      Deadline next = due.computeIfAbsent(collection.id(), _ -> new Deadline(run.nanoTime()));
      if (next.hasPassed(run)) {
        Duration ttl = ttl(collection).orElseThrow();
        expire(collection, ttl);
        due.put(collection.id(), Deadline.after(run, pause(ttl)));
      }
    }
  }

  /// How long rows of the collection live; empty for ever. What is no number was refused when it was set.
  static Optional<Duration> ttl(Collection collection) {
    try {
      long seconds = Long.parseLong(collection.properties().getOrDefault(TTL, "0"));
      return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    } catch (NumberFormatException e) {
      log.warn("no ttl collection={} value={}", collection.id(), collection.properties().get(TTL));
      return Optional.empty();
    }
  }

  /// Between two records.
  static Duration pause(Duration ttl) {
    Duration share = ttl.dividedBy(SHARE);
    if (share.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return share.compareTo(LONGEST) > 0 ? LONGEST : share;
  }

  private void expire(Collection collection, Duration ttl) {
    long now = timestamps.getAsLong();
    long millis = HybridTimestamp.millis(now) - ttl.toMillis();
    if (millis <= 0) {
      return;
    }
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      append(collection, shard, now, HybridTimestamp.of(millis, 0));
    }
  }

  /// One log that cannot be written does not keep the rows of others.
  private void append(Collection collection, int shard, long now, long through) {
    RecordHeader header =
        new RecordHeader(collection.shard(shard), 0, 0, 0, now, collection.schema().version(), 0);
    try {
      wal.append(
          collection.shardLogs().get(shard),
          RecordCodec.encode(new LogRecord.Expire(header, through)));
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      log.info("not expired shard={} reason={}", collection.shard(shard), e.text());
    }
  }
}
