package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.common.run.Turn;
import io.elanus.querynode.LeaderState.Taken;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.shard.Elsewhere;
import io.elanus.segment.shard.LiveShard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a shard that is taken up over to its newest manifest, and to the segments that are its leader's by
/// now.
///
/// ```
/// what is served      what is new, or the leader's now      what is here in part
/// can be read well    opened as a whole, then gone over to  -
/// lacks a segment     opened at once, in part if need be    opened as a whole, a few at a time
/// ```
/// Two threads, because nothing that is lacking may wait for files; what one of them opened is given back
/// when the other has gone over meanwhile. Files are brought and mapped without the leader's turn, so that
/// the log is followed meanwhile.
final class ShardContents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShardContents.class);

  /// Only a guard: a new manifest is announced by its pointer's watch, a move by its route's.
  private static final Duration CHECK = Duration.ofMinutes(10);

  private static final int PARALLEL_OPENS = 4;

  private final ShardFiles files;
  private final ShardId shard;
  private final LeaderState state;
  private final Turn turn;
  private final Consumer<Taken> install;
  private final Runnable changed;
  private final FanOut opening;
  private final Ticker urgent;
  private final Ticker steady;

  /// @param turn of whoever changes the shard
  /// @param install makes it known that another state is served; under the turn
  /// @param changed told when what the leader says of itself has become another
  ShardContents(
      Run run,
      ShardFiles files,
      ShardId shard,
      LeaderState state,
      Turn turn,
      Consumer<Taken> install,
      Runnable changed) {
    this.files = files;
    this.shard = shard;
    this.state = state;
    this.turn = turn;
    this.install = install;
    this.changed = changed;
    this.opening = new FanOut(run).atMost(PARALLEL_OPENS);
    this.urgent = Ticker.start(run, "lacking-" + shard, CHECK, () -> untilDone(this::supply));
    this.steady = Ticker.start(run, "contents-" + shard, CHECK, () -> untilDone(this::renew));
  }

  /// There may be something to do.
  void wake() {
    urgent.wake();
    steady.wake();
  }

  @Override
  public void close() {
    urgent.close();
    steady.close();
  }

  /// What the leader is to hold of a manifest, when nothing is held yet.
  SegmentSet first(Optional<Manifest> manifest, Collection collection) {
    return open(SegmentSet.EMPTY, state.choose(manifest, Set.of()), soon(collection));
  }

  static Elsewhere elsewhere(Optional<Manifest> manifest, SegmentSet segments) {
    Set<SegmentId> here = segments.ids();
    return manifest
        .map(m ->
            new Elsewhere(
                m.version(),
                m.segments().stream().filter(entry -> !here.contains(entry.id())).toList()))
        .orElse(Elsewhere.NOTHING);
  }

  /// @param step returns whether another one is to follow
  private void untilDone(Function<Taken, Boolean> step) {
    try {
      Optional<Taken> before = state.taken();
      while (before.isPresent() && (letGo(before.get()) || step.apply(before.get()))) {
        before = state.taken();
      }
    } catch (DbException e) {
      state.fail(e);
      changed.run();
      throw e;
    }
  }

  /// What others answer for makes place before anything new is opened.
  private boolean letGo(Taken before) {
    SegmentSet held = before.held();
    List<SegmentEntry> kept = state.choose(before.manifest(), held.ids());
    SegmentSet left = held.only(kept);
    if (left.byEntry().size() == held.byEntry().size()) {
      return false;
    }
    goOver(before, new Next(before.collection(), before.manifest(), kept), left);
    return true;
  }

  private boolean supply(Taken before) {
    if (!state.isLacking(before)) {
      return false;
    }
    Next next = next(before);
    if (next.isServed(before)) {
      return false;
    }
    goOver(before, next, open(before.held(), next.entries, soon(next.collection)));
    steady.wake();
    return true;
  }

  private boolean renew(Taken before) {
    Next next = next(before);
    SegmentSet held = before.held();
    if (!next.isServed(before)) {
      if (state.isLacking(before)) {
        return false; // not for this thread
      }
      goOver(before, next, open(held, next.entries, whole(next.collection)));
      return true;
    }
    List<SegmentEntry> parts = held.parts().stream().limit(PARALLEL_OPENS).toList();
    if (parts.isEmpty()) {
      settle(before);
      return false;
    }
    goOver(before, next, held.reopen(parts, opening, whole(next.collection)));
    return true;
  }

  private record Next(
      Collection collection, Optional<Manifest> manifest, List<SegmentEntry> entries) {
    boolean isServed(Taken now) {
      boolean sameManifest = manifest.isEmpty() || manifest.get().version() <= now.version();
      return sameManifest && Set.copyOf(entries).equals(now.held().byEntry().keySet());
    }
  }

  private Next next(Taken before) {
    Optional<Manifest> newest = files.newest(shard, before.manifest());
    Collection collection = files.collection(before.collection(), newest);
    return new Next(collection, newest, state.choose(newest, before.held().ids()));
  }

  private SegmentSet open(
      SegmentSet former, List<SegmentEntry> entries, Function<SegmentEntry, SegmentReader> open) {
    state.want(entries);
    return former.open(entries, opening, open);
  }

  private Function<SegmentEntry, SegmentReader> soon(Collection collection) {
    return entry -> files.openSoon(entry, collection.storedSchema());
  }

  private Function<SegmentEntry, SegmentReader> whole(Collection collection) {
    return entry -> files.open(entry, collection.storedSchema());
  }

  private void settle(Taken before) {
    if (state.settle(before)) {
      changed.run();
    }
  }

  private void goOver(Taken before, Next over, SegmentSet segments) {
    Manifest manifest = over.manifest.orElseThrow();
    boolean installed = false;
    try {
      List<Deletes> deletes = files.deletes(manifest, leastKnown(before.live(), segments));
      Taken next = new Taken(over.collection, before.live(), over.manifest, segments);
      installed = turn.take(Deadline.NEVER, () -> replace(before, next, manifest, deletes));
    } finally {
      if (!installed) {
        segments.closeThoseNotIn(before.held());
      }
    }
  }

  /// Deletes above it are not known to every segment without delete files.
  private static long leastKnown(LiveShard live, SegmentSet segments) {
    return segments.readers().stream().mapToLong(live::deletesKnown).min().orElse(Long.MAX_VALUE);
  }

  /// @return false when something else is served meanwhile
  private boolean replace(Taken before, Taken next, Manifest manifest, List<Deletes> deletes) {
    if (!state.isTaken(before)) {
      return false;
    }
    SegmentSet held = next.held();
    before.live().adopt(next.collection().storedSchema());
    before
        .live()
        .install(manifest.checkpoint(), held.readers(), elsewhere(next.manifest(), held), deletes);
    install.accept(next);
    log.info(
        "manifest taken shard={} version={} segments={} whole={} of={}",
        shard,
        manifest.version(),
        held.byEntry().size(),
        held.wholeIds().size(),
        manifest.segments().size());
    return true;
  }
}
