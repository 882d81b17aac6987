package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.memory.HeapBudget;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.proto.internal.SegmentsLacking;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.querynode.ShardReading.Answer;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Segments of one shard, held for its leader, this node's or another's.
///
/// A segment is opened with the deletes of its manifest's delete files; those of the tail come with the
/// leader's calls. Each segment knows through which version it has been told all of the shard's deletes, so
/// there is no log of deletes here: one that was opened later, or by a process that started anew, says so,
/// and the leader tells it.
///
/// A segment stays for as long as the route names it, also when the newest manifest does not any more: the
/// leader may not have taken that manifest yet. Who reads it keeps it open beyond that.
final class HeldShard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HeldShard.class);

  /// Only a guard: routes and manifests are announced.
  private static final Duration CHECK = Duration.ofMinutes(10);

  /// How long a call waits for the manifest it names; the leader has a look elsewhere then.
  private static final Duration MANIFEST_PATIENCE = Duration.ofSeconds(2);

  private static final int PARALLEL_OPENS = 4;

  private final ShardFiles files;
  private final ShardId shard;
  private final Run run;
  private final CpuPool cpu;
  private final HeapBudget heap;
  private final FanOut opening;
  private final Gate gate;
  private final Runnable changed;
  private final Ticker ticker;

  // guarded by gate
  private Set<SegmentId> named;
  private Map<SegmentId, SegmentDeletes> held = Map.of();
  private Map<SegmentId, String> failures = Map.of();
  private Optional<Manifest> manifest = Optional.empty();
  private Optional<CollectionSchema> schema = Optional.empty();
  private boolean closed;

  /// @param changed told when [#states] has become another
  HeldShard(
      Run run,
      CpuPool cpu,
      HeapBudget heap,
      ShardFiles files,
      ShardId shard,
      Set<SegmentId> named,
      Runnable changed) {
    this.run = run;
    this.cpu = cpu;
    this.heap = heap;
    this.files = files;
    this.shard = shard;
    this.opening = new FanOut(run).atMost(PARALLEL_OPENS);
    this.gate = run.gate();
    this.named = Set.copyOf(named);
    this.changed = changed;
    this.ticker = Ticker.start(run, "hold-" + shard, CHECK, this::reconcile);
  }

  /// A segment that is named.
  ///
  /// @param entry as the manifest has it; empty when it is in none seen here
  /// @param failure why it is not open; empty when it is, or is only on its way
  record State(SegmentId id, Optional<SegmentEntry> entry, boolean open, String failure) {}

  ShardId shard() {
    return shard;
  }

  void name(Set<SegmentId> segments) {
    gate.change(() -> named = Set.copyOf(segments));
    ticker.wake();
  }

  /// A newer manifest may have been committed.
  void manifestChanged() {
    ticker.wake();
  }

  List<State> states() {
    return gate.read(() -> named.stream().sorted().map(this::state).toList());
  }

  /// Under the gate.
  private State state(SegmentId id) {
    Optional<SegmentEntry> entry =
        manifest.flatMap(
            m -> m.segments().stream().filter(segment -> segment.id().equals(id)).findFirst());
    return new State(id, entry, held.containsKey(id), failures.getOrDefault(id, ""));
  }

  /// The part of a read that the segments of `call` have, at its version; or what is lacking for it.
  ///
  /// @throws DbException `TIMEOUT`, `CANCELED`, `SEGMENT_NOT_LOADED` when the shard is let go meanwhile, and what
  ///     `reading` and [HeapBudget#with] throw
  <R> Answer<R> read(SegmentsRead call, ShardReading<R> reading, Deadline deadline) {
    Cancellation cancellation = Cancellation.at(run, cpu, deadline);
    return heap.with(
        "a read of segments of " + shard,
        deadline,
        share -> compute(call, deadline, snapshot -> reading.here(snapshot, cancellation, share)));
  }

  /// @param work computes, on the pool
  private <R> Answer<R> compute(
      SegmentsRead call, Deadline deadline, Function<ShardSnapshot, R> work) {
    List<Deletes> brought =
        call.getDeletes().isEmpty() ? List.of() : DeleteFile.read(call.getDeletes().toByteArray());
    awaitSchema(call, deadline);
    Answer<R> first = cpu.call(deadline, () -> attempt(call, brought, work));
    return lacksDeletesOfManifest(first, call) && awaitManifest(call, deadline)
        ? cpu.call(deadline, () -> attempt(call, brought, work))
        : first;
  }

  /// As [#read], without one, once all segments of `call` are open.
  ///
  /// @param wait until they are, at most
  Answer<Boolean> prepare(SegmentsRead call, Duration wait, Deadline deadline) {
    List<SegmentId> ids = segments(call);
    gate.await(
        () -> closed || held.keySet().containsAll(ids),
        deadline.orEarlier(Deadline.after(run, wait)));
    return compute(call, deadline, _ -> true);
  }

  @Override
  public void close() {
    ticker.close();
    Map<SegmentId, SegmentDeletes> last =
        gate.change(() -> {
          closed = true;
          Map<SegmentId, SegmentDeletes> before = held;
          held = Map.of();
          return before;
        });
    last.values().forEach(slot -> slot.segment().close());
  }

  private <R> Answer<R> attempt(
      SegmentsRead call, List<Deletes> brought, Function<ShardSnapshot, R> work) {
    tellAll(call, brought);
    List<SegmentId> ids = segments(call);
    List<SegmentDeletes> retained = retain(ids);
    boolean handedOver = false;
    try {
      if (retained.size() < ids.size()) {
        return new Answer.Lacking<>(missing(ids, retained));
      }
      long through =
          retained.stream().mapToLong(SegmentDeletes::through).min().orElse(call.getVersion());
      if (through < call.getVersion()) {
        return new Answer.Lacking<>(SegmentsLacking.newBuilder().setDeletesAfter(through).build());
      }
      handedOver = true;
      try (ShardSnapshot snapshot =
          ShardSnapshot.of(
              requireSchema(call), retained, call.getVersion(), call.getExpiredThrough())) {
        return new Answer.Found<>(work.apply(snapshot));
      }
    } finally {
      if (!handedOver) {
        release(retained);
      }
    }
  }

  /// Whom the deletes follow on without a gap; the others say what they lack.
  private void tellAll(SegmentsRead call, List<Deletes> brought) {
    List<SegmentDeletes> retained = retain(gate.read(() -> held.keySet()));
    try {
      retained.stream()
          .filter(slot -> slot.through() >= call.getDeletesAfter())
          .forEach(slot -> slot.advance(brought, call.getDeletesThrough()));
    } finally {
      release(retained);
    }
  }

  /// Those of `ids` that are held, each with a reference.
  private List<SegmentDeletes> retain(Collection<SegmentId> ids) {
    Map<SegmentId, SegmentDeletes> now = gate.read(() -> held);
    return ids.stream()
        .flatMap(id -> Optional.ofNullable(now.get(id)).stream())
        .filter(slot -> slot.segment().tryRetain())
        .toList();
  }

  private static void release(List<SegmentDeletes> retained) {
    retained.forEach(slot -> slot.segment().release());
  }

  private static SegmentsLacking missing(List<SegmentId> ids, List<SegmentDeletes> present) {
    List<SegmentId> found = present.stream().map(slot -> slot.segment().entry().id()).toList();
    SegmentsLacking.Builder lacking = SegmentsLacking.newBuilder();
    ids.stream().filter(id -> !found.contains(id)).forEach(id -> lacking.addSegmentIds(id.value()));
    return lacking.build();
  }

  private static List<SegmentId> segments(SegmentsRead call) {
    return call.getSegmentIdsList().stream().map(SegmentId::new).toList();
  }

  /// The leader may have read of a field in the log that this node has not heard of.
  private void awaitSchema(SegmentsRead call, Deadline deadline) {
    if (gate.read(() -> knownSchema(call)).isEmpty()) {
      ticker.wake();
      Deadline patience = deadline.orEarlier(Deadline.after(run, MANIFEST_PATIENCE));
      gate.await(() -> closed || knownSchema(call).isPresent(), patience);
    }
  }

  /// Under the gate. No older than what the leader reads with.
  private Optional<CollectionSchema> knownSchema(SegmentsRead call) {
    return schema.filter(s -> s.version() >= call.getSchemaVersion());
  }

  private CollectionSchema requireSchema(SegmentsRead call) {
    return gate.read(() -> knownSchema(call))
        .orElseThrow(() -> ErrorCode.SEGMENT_NOT_LOADED.because("shard %s is not open", shard));
  }

  /// The leader's manifest is newer than what was opened here, and has the deletes in its files.
  private boolean lacksDeletesOfManifest(Answer<?> answer, SegmentsRead call) {
    return answer instanceof Answer.Lacking<?>(SegmentsLacking what)
        && what.getSegmentIdsCount() == 0
        && what.getDeletesAfter() < call.getDeletesAfter()
        && manifestVersion() < call.getManifestVersion();
  }

  private boolean awaitManifest(SegmentsRead call, Deadline deadline) {
    ticker.wake();
    Deadline patience = deadline.orEarlier(Deadline.after(run, MANIFEST_PATIENCE));
    return gate.await(() -> closed || manifestVersionNow() >= call.getManifestVersion(), patience);
  }

  private long manifestVersion() {
    return gate.read(this::manifestVersionNow);
  }

  /// Under the gate.
  private long manifestVersionNow() {
    return manifest.map(Manifest::version).orElse(0L);
  }

  private void reconcile() {
    dropUnnamed();
    Optional<Manifest> newest = files.newest(shard, gate.read(() -> manifest));
    if (newest.isPresent()) {
      CollectionSchema current = files.collection(shard.collection()).storedSchema();
      adopt(current);
      open(newest.get(), current);
    }
    changed.run();
  }

  /// Whoever sees a schema with another field sees it in the segments.
  private void adopt(CollectionSchema current) {
    List<SegmentDeletes> retained = retain(gate.read(() -> held.keySet()));
    try {
      retained.forEach(slot -> slot.segment().adopt(current));
    } finally {
      release(retained);
    }
    gate.change(() -> schema = Optional.of(current));
  }

  private void dropUnnamed() {
    List<SegmentDeletes> dropped =
        gate.change(() -> {
          Map<SegmentId, SegmentDeletes> kept = new TreeMap<>(held);
          kept.keySet().retainAll(named);
          List<SegmentDeletes> gone =
              held.entrySet().stream()
                  .filter(slot -> !kept.containsKey(slot.getKey()))
                  .map(Map.Entry::getValue)
                  .toList();
          held = kept;
          return gone;
        });
    dropped.forEach(slot -> slot.segment().close());
    if (!dropped.isEmpty()) {
      log.info("segments let go shard={} segments={}", shard, ids(dropped));
    }
  }

  /// Opens what is named and not open as `newest` has it, each usable as soon as it is open; then tells
  /// those that were open the deletes of the manifest.
  private void open(Manifest newest, CollectionSchema current) {
    Set<SegmentId> wanted = gate.read(() -> named);
    List<SegmentEntry> missing =
        newest.segments().stream()
            .filter(entry -> wanted.contains(entry.id()) && !isHeld(entry))
            .toList();
    List<Deletes> deletes = files.deletes(newest, leastKnown(newest, missing));
    tellManifest(newest, deletes);
    gate.change(() -> {
      manifest = Optional.of(newest);
      failures = Map.of();
    });
    Map<SegmentId, DbException> failed = new TreeMap<>();
    opening.each(
        missing,
        Deadline.NEVER,
        entry -> {
          try {
            publish(newest, files.open(entry, current), deletes);
          } catch (DbException e) {
            gate.change(() -> failed.put(entry.id(), e) == null);
          }
        });
    fail(failed);
  }

  private boolean isHeld(SegmentEntry entry) {
    return gate.read(() ->
        Optional.ofNullable(held.get(entry.id()))
            .filter(slot -> slot.segment().entry().equals(entry))
            .isPresent());
  }

  /// Deletes above it are not known to every segment of the manifest that is open or about to be.
  private long leastKnown(Manifest newest, List<SegmentEntry> missing) {
    long ofOpen =
        inManifest(newest).stream().mapToLong(SegmentDeletes::through).min().orElse(Long.MAX_VALUE);
    long ofMissing =
        missing.stream().mapToLong(SegmentEntry::appliedThrough).min().orElse(Long.MAX_VALUE);
    return Math.min(ofOpen, ofMissing);
  }

  /// What is held and still part of the manifest. Delete files leave the manifest when its own segments
  /// need them no more, so they say nothing to others.
  private List<SegmentDeletes> inManifest(Manifest newest) {
    Set<SegmentId> there = new HashSet<>();
    newest.segments().forEach(entry -> there.add(entry.id()));
    return gate.read(() -> held).values().stream()
        .filter(slot -> there.contains(slot.segment().entry().id()))
        .toList();
  }

  private void tellManifest(Manifest newest, List<Deletes> deletes) {
    for (SegmentDeletes slot : inManifest(newest)) {
      slot.advance(deletes, newest.checkpoint().version());
    }
  }

  private void publish(Manifest newest, SegmentReader reader, List<Deletes> deletes) {
    SegmentId id = reader.entry().id();
    SegmentDeletes slot =
        Optional.ofNullable(gate.read(() -> held).get(id))
            .map(before -> before.over(reader))
            .orElseGet(() -> new SegmentDeletes(reader));
    slot.advance(deletes, newest.checkpoint().version());
    Optional<SegmentDeletes> unused =
        gate.change(() -> {
          if (closed || !named.contains(id)) {
            return Optional.of(slot);
          }
          Map<SegmentId, SegmentDeletes> more = new TreeMap<>(held);
          Optional<SegmentDeletes> before = Optional.ofNullable(more.put(id, slot));
          held = more;
          return before;
        });
    unused.ifPresent(old -> old.segment().close());
    changed.run();
    log.info("segment held shard={} segment={} manifest={}", shard, id, newest.version());
  }

  /// @throws DbException the first failure, so that it is tried again
  private void fail(Map<SegmentId, DbException> failed) {
    Map<SegmentId, String> texts = new TreeMap<>();
    failed.forEach((id, e) -> texts.put(id, e.text()));
    gate.change(() -> failures = texts);
    changed.run();
    if (!failed.isEmpty()) {
      throw failed.values().iterator().next();
    }
  }

  private static List<SegmentId> ids(List<SegmentDeletes> slots) {
    return slots.stream().map(slot -> slot.segment().entry().id()).toList();
  }
}
