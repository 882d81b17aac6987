package io.elanus.segment.shard;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.record.LogRecord;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Halt;
import io.elanus.segment.tail.TailFollower;
import io.elanus.segment.tail.TailView;
import io.elanus.segment.tail.Verdict;
import io.elanus.segment.tail.Verdict.Ignored;
import io.elanus.segment.tail.Verdict.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A shard as its leader holds it: the segments of a manifest and the tail after its checkpoint,
/// following the log.
///
/// ```
/// manifest 7 | tail ........................   before install(manifest 8)
/// manifest 8 ............ | tail ...........   after it, in one step for every later snapshot
/// ```
/// Some segments of the manifest may be held elsewhere; snapshots name them.
///
/// One thread, the one that reads the log, applies records and installs manifests; any thread takes
/// snapshots. Owns the segments it was given.
public final class LiveShard implements AutoCloseable {
  private final TailFollower follower;
  private volatile State state;

  /// What a snapshot is made of, always changed as a whole.
  ///
  /// @param ddlSequence of the last control record applied
  /// @param marks the version of the shard as of each mark that may be asked for
  /// @param horizon no read goes below it
  private record State(
      List<SegmentDeletes> segments,
      Elsewhere elsewhere,
      TailView tail,
      long ddlSequence,
      Map<Long, Long> marks,
      long horizon,
      boolean closed) {
    State with(TailFollower follower) {
      return new State(
          segments,
          elsewhere,
          follower.view(),
          follower.ddlSequence(),
          follower.marks(),
          horizon,
          closed);
    }
  }

  /// As with a manifest of which nothing is [Elsewhere].
  public LiveShard(
      CollectionSchema schema,
      Checkpoint checkpoint,
      List<SegmentReader> segments,
      List<Deletes> deletes) {
    this(schema, checkpoint, segments, Elsewhere.NOTHING, deletes);
  }

  /// @param segments of the manifest, each with the owner's reference; this shard closes them
  /// @param elsewhere the other segments of the manifest
  /// @param deletes of the manifest's delete files
  public LiveShard(
      CollectionSchema schema,
      Checkpoint checkpoint,
      List<SegmentReader> segments,
      Elsewhere elsewhere,
      List<Deletes> deletes) {
    this.follower = new TailFollower(schema, checkpoint);
    List<SegmentDeletes> slots = segments.stream().map(SegmentDeletes::new).toList();
    slots.forEach(slot -> slot.advance(deletes, checkpoint.version()));
    this.state = state(slots, elsewhere, checkpoint);
  }

  /// Takes the shard's next record. One that lies before the checkpoint is passed over.
  ///
  /// @param next the position after it
  public Verdict apply(Position next, LogRecord record) {
    if (state.tail().position().isAtOrAfter(next)) {
      return new Ignored(Reason.COVERED);
    }
    Verdict verdict = follower.apply(next, record);
    renew();
    return verdict;
  }

  /// Takes the shard's next record as it came from the log. One that lies before the checkpoint is passed
  /// over; one that cannot be applied halts the shard: it stays where it is ([#halt]).
  public void take(WalRecord raw) {
    if (!state.tail().position().isAtOrAfter(raw.next())) {
      follower.take(raw);
      renew();
    }
  }

  /// Where and why the shard stands still, if it does. A manifest from beyond that place may end it, but
  /// records read meanwhile are missing here: the shard has to be taken up anew. Any thread.
  public Optional<Halt> halt() {
    return follower.halt();
  }

  /// Whether a partial upsert took effect that the log has before where this shard stands; empty when that was long
  /// ago. By whoever follows the log.
  public Optional<Boolean> tookEffect(long writer, long sequence) {
    return follower.tookEffect(writer, sequence);
  }

  /// Passes records of other shards.
  ///
  /// @param next the position after them
  public void pass(Position next) {
    follower.pass(next);
    renew();
  }

  /// Knows the fields of `schema`, too. Before a manifest is installed that covers records which were not read here:
  /// a field may have been added by one of them.
  public void adopt(CollectionSchema schema) {
    follower.adopt(schema);
    renew();
  }

  /// Whoever sees a tail with another field sees it in the segments.
  private void renew() {
    State next = state.with(follower);
    CollectionSchema schema = next.tail().schema();
    if (!schema.equals(state.tail().schema())) {
      next.segments().forEach(slot -> slot.segment().adopt(schema));
    }
    state = next;
  }

  /// As with a manifest of which nothing is [Elsewhere].
  public void install(Checkpoint checkpoint, List<SegmentReader> segments, List<Deletes> deletes) {
    install(checkpoint, segments, Elsewhere.NOTHING, deletes);
  }

  /// Goes over to a newer manifest, or to the same one with other segments held: its segments replace
  /// the present ones, and the tail before its checkpoint is dropped, in one step. A shard that was
  /// behind goes on from the checkpoint.
  ///
  /// @param segments of the manifest; those held already are the same objects, or other readers of the
  ///     same files
  /// @param elsewhere the other segments of the manifest
  /// @param deletes of the manifest's delete files; all of them, or those that reach above what
  ///     [#deletesKnown] says for any of the segments
  public void install(
      Checkpoint checkpoint,
      List<SegmentReader> segments,
      Elsewhere elsewhere,
      List<Deletes> deletes) {
    State before = state;
    if (checkpoint.version() < before.tail().coveredFrom()) {
      throw new IllegalArgumentException(
          "a manifest up to version %d after one up to %d"
              .formatted(checkpoint.version(), before.tail().coveredFrom()));
    }
    Map<SegmentReader, SegmentDeletes> held =
        before.segments().stream()
            .collect(
                Collectors.toMap(
                    SegmentDeletes::segment, Function.identity(), (a, _) -> a, LinkedHashMap::new));
    List<SegmentDeletes> slots = new ArrayList<>();
    for (SegmentReader segment : segments) {
      SegmentDeletes slot = held.remove(segment);
      slots.add(slot == null ? begun(before, segment) : slot);
    }
    slots.forEach(slot -> slot.segment().adopt(before.tail().schema()));
    slots.forEach(slot -> tell(slot, before.tail(), checkpoint, deletes));
    follower.dropBefore(checkpoint);
    state = state(slots, elsewhere, checkpoint);
    held.keySet().forEach(SegmentReader::close);
  }

  private State state(List<SegmentDeletes> slots, Elsewhere elsewhere, Checkpoint checkpoint) {
    return new State(
        slots,
        elsewhere,
        follower.view(),
        follower.ddlSequence(),
        follower.marks(),
        checkpoint.horizon(),
        false);
  }

  /// Up to which version the deletes that concern `segment` are known here without delete files.
  public long deletesKnown(SegmentReader segment) {
    State now = state;
    long through =
        ofSameFile(now, segment)
            .map(SegmentDeletes::through)
            .orElse(segment.entry().appliedThrough());
    return through >= now.tail().coveredFrom() ? now.tail().version() : through;
  }

  /// What is known of the file by another reader of it is known still.
  private static SegmentDeletes begun(State before, SegmentReader segment) {
    return ofSameFile(before, segment)
        .map(slot -> slot.over(segment))
        .orElseGet(() -> new SegmentDeletes(segment));
  }

  private static Optional<SegmentDeletes> ofSameFile(State state, SegmentReader segment) {
    return state.segments().stream()
        .filter(slot -> slot.segment().entry().file().equals(segment.entry().file()))
        .findFirst();
  }

  private static void tell(
      SegmentDeletes slot, TailView tail, Checkpoint checkpoint, List<Deletes> fromFiles) {
    if (slot.through() >= tail.coveredFrom()) {
      slot.advance(tail.deletes(slot.through(), tail.version()), tail.version());
    }
    slot.advance(fromFiles, checkpoint.version());
  }

  /// Everything before it is applied. Any thread.
  public Position position() {
    return state.tail().position();
  }

  /// The effective version of the last record that had effect. Any thread.
  public long version() {
    return state.tail().version();
  }

  /// Of the last control record applied. Asked after a snapshot was taken, it is that of the snapshot or a
  /// later one. Any thread.
  public long ddlSequence() {
    return state.ddlSequence();
  }

  /// The tail now. Any thread.
  public TailView tail() {
    return state.tail();
  }

  /// The checkpoint a manifest with everything applied so far would have. The log's thread.
  ///
  /// @param horizon see [Checkpoint]
  public Checkpoint checkpoint(long horizon) {
    return follower.checkpoint(position(), horizon);
  }

  /// Where a read of the shard as it is now would be. Any thread.
  public ReadPoint point() {
    State now = state;
    return new ReadPoint(now.elsewhere().manifestVersion(), now.tail().version(), now.tail());
  }

  /// The shard as it is now. Any thread.
  public ShardSnapshot snapshot() {
    State held = retained();
    return snapshot(held, held.tail().version());
  }

  /// The shard as it was at `version`. Any thread.
  ///
  /// @throws io.elanus.common.error.DbException `SEGMENT_NOT_LOADED` when `version` is not applied
  ///     yet, or lies below the horizon
  public ShardSnapshot snapshot(long version) {
    return snapshot(retained(), version);
  }

  /// The shard as of `mark`; empty when no such Mark was met, or it is not pinned any more. Any thread.
  public Optional<ShardSnapshot> snapshotAsOf(long mark) {
    State held = retained();
    Optional<Long> version = Optional.ofNullable(held.marks().get(mark));
    if (version.isEmpty()) {
      release(held.segments());
    }
    return version.map(at -> snapshot(held, at));
  }

  private ShardSnapshot snapshot(State held, long version) {
    try {
      TailView view = held.tail();
      if (version < held.horizon() || version > view.version()) {
        throw ErrorCode.SEGMENT_NOT_LOADED.because(
            "version %d is not readable, only %d to %d", version, held.horizon(), view.version());
      }
      return ShardSnapshot.of(view.schema(), held.segments(), held.elsewhere(), view, version);
    } catch (RuntimeException e) {
      release(held.segments());
      throw e;
    }
  }

  /// The newest state whose segments could all be held on to.
  private State retained() {
    while (true) {
      State now = state;
      if (now.closed()) {
        throw ErrorCode.SEGMENT_NOT_LOADED.because("the shard was released");
      }
      int held = 0;
      while (held < now.segments().size() && now.segments().get(held).segment().tryRetain()) {
        held++;
      }
      if (held == now.segments().size()) {
        return now;
      }
      release(now.segments().subList(0, held));
    }
  }

  private static void release(List<SegmentDeletes> segments) {
    segments.forEach(slot -> slot.segment().release());
  }

  /// Lets go of the segments; snapshots taken before stay readable. The log's thread.
  @Override
  public void close() {
    State last = state;
    state =
        new State(
            List.of(),
            Elsewhere.NOTHING,
            last.tail(),
            last.ddlSequence(),
            last.marks(),
            last.horizon(),
            true);
    last.segments().forEach(slot -> slot.segment().close());
  }
}
