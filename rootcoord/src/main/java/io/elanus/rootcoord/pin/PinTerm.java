package io.elanus.rootcoord.pin;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.common.wal.Wal;
import io.elanus.rootcoord.pin.PinRules.Done;
import io.elanus.rootcoord.pin.PinRules.PutPins;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Marks and pins from rootcoord's election to its loss.
///
/// When a pin has expired is judged by this node's monotonic clock alone, from the last use this node heard of. A
/// successor knows of no use, and grants every pin its whole time anew; while nobody leads, nothing expires.
public final class PinTerm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PinTerm.class);

  /// Whose sequence key guards the commits of one term against each other.
  private static final String LEDGER = "rootcoord-pins";

  /// A client whose last answer was lost asks again within this time.
  private static final Duration LEAVE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int BATCH = 64;

  /// Appends in flight for one mark; a log groups them.
  private static final int PARALLEL = 16;

  private final Setup setup;
  private final FanOut fanOut;
  private final CommittedState<PinState, PinCommand, PutPins, Done> pins;
  private final Gate gate;
  private final Closer closer = new Closer();

  // guarded by gate: until when each pin is kept if nobody uses it
  private final Map<Key, Deadline> due = new HashMap<>();

  private record Key(CollectionId collection, long mark) {}

  /// @param timestamps as this leader gives them out; fails when it leads no more
  /// @param collections that are there and not being dropped
  /// @param queuedCommands that wait at most
  public record Setup(
      Run run,
      MetaStore meta,
      Wal wal,
      LongSupplier timestamps,
      Function<CollectionId, Optional<Collection>> collections,
      PinLimits limits,
      int queuedCommands) {}

  public PinTerm(Setup setup, Leadership leadership) {
    this.setup = setup;
    this.fanOut = new FanOut(setup.run).atMost(PARALLEL);
    this.gate = setup.run.gate();
    Ledger ledger = new Ledger(setup.run, setup.meta, leadership, LEDGER);
    PinState initial = PinState.of(setup.meta.range(MetaKeys.PINS).entries());
    initial.pins().forEach(this::grant);
    var queue = new CommandLoop.Limits(setup.queuedCommands, BATCH);
    var loop = new CommittedState.Setup<PutPins>("pins", queue, this::observe);
    this.pins =
        closer.add(
            CommittedState.start(setup.run, ledger, new PinRules(setup.limits), initial, loop));
    closer.add(Ticker.start(setup.run, "expired-pins", LOOK, this::removeExpired));
  }

  /// A new mark of the collection, pinned, and met by whoever reads the logs of its shards that far.
  ///
  /// @throws io.elanus.common.error.DbException `COLLECTION_NOT_FOUND`, `QUOTA_EXCEEDED`; what an append fails with:
  ///     the mark is nobody's then, and its pin expires
  public long mark(CollectionId id, Deadline deadline) {
    Collection collection =
        setup
            .collections
            .apply(id)
            .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
    long mark = setup.timestamps.getAsLong();
    pins.submit(new PinCommand.Add(id, new Pin(mark, setup.limits.iteratorTtl())), deadline);
    List<Integer> shards = IntStream.range(0, collection.shardCount()).boxed().toList();
    fanOut.all(shards, deadline, shard -> append(collection, shard, mark));
    return mark;
  }

  private boolean append(Collection collection, int shard, long mark) {
    RecordHeader header =
        new RecordHeader(collection.shard(shard), 0, 0, 0, mark, collection.schema().version(), 0);
    setup.wal.append(
        collection.shardLogs().get(shard), RecordCodec.encode(new LogRecord.Mark(header, mark)));
    return true;
  }

  /// Somebody uses the mark.
  ///
  /// @param last whether nobody is going to use it again, unless his answer was lost
  /// @return false when it is not pinned
  public boolean touch(CollectionId collection, long mark, boolean last) {
    Optional<Pin> pin =
        pins.now().of(collection).stream().filter(p -> p.mark() == mark).findFirst();
    pin.ifPresent(p -> {
      Key key = new Key(collection, mark);
      Deadline until = last ? after(LEAVE) : after(p.ttl());
      gate.change(() -> due.merge(key, until, (now, next) -> last ? now.orEarlier(next) : next));
    });
    return pin.isPresent();
  }

  /// All there are.
  public int count() {
    return pins.now().count();
  }

  @Override
  public void close() {
    closer.close();
  }

  private void observe(List<PutPins> changes) {
    changes.forEach(change -> grant(change.collection(), change.pins()));
  }

  /// New pins their time, and no memory of those that are gone.
  private void grant(CollectionId collection, List<Pin> now) {
    Set<Key> keys = new HashSet<>();
    gate.change(() -> {
      for (Pin pin : now) {
        Key key = new Key(collection, pin.mark());
        keys.add(key);
        due.computeIfAbsent(key, _ -> after(pin.ttl()));
      }
      due.keySet().removeIf(key -> key.collection().equals(collection) && !keys.contains(key));
    });
  }

  private Deadline after(Duration ttl) {
    return Deadline.after(setup.run, ttl);
  }

  private void removeExpired() {
    Map<CollectionId, Set<Long>> expired = new HashMap<>();
    pins.now()
        .pins()
        .forEach((collection, ofCollection) -> {
          boolean gone = setup.collections.apply(collection).isEmpty();
          for (Pin pin : ofCollection) {
            if (gone || isExpired(new Key(collection, pin.mark()))) {
              expired.computeIfAbsent(collection, _ -> new HashSet<>()).add(pin.mark());
            }
          }
        });
    expired.forEach((collection, marks) -> {
      pins.submit(new PinCommand.Remove(collection, marks), after(LOOK.multipliedBy(10)));
      log.info("pins expired collection={} marks={}", collection, marks);
    });
  }

  private boolean isExpired(Key key) {
    return gate.read(
        () -> Optional.ofNullable(due.get(key)).filter(d -> d.hasPassed(setup.run)).isPresent());
  }
}
