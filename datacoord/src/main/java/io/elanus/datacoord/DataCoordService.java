package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.TtlField;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.meta.Election;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.BackgroundWorkRequest;
import io.elanus.proto.internal.BackgroundWorkResponse;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.CollectionStatisticsResponse;
import io.elanus.proto.internal.CompactRequest;
import io.elanus.proto.internal.CompactResponse;
import io.elanus.proto.internal.CompactionJob;
import io.elanus.proto.internal.CompactionProgressRequest;
import io.elanus.proto.internal.CompactionProgressResponse;
import io.elanus.proto.internal.DropSnapshotRequest;
import io.elanus.proto.internal.DropSnapshotResponse;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.FinishJobResponse;
import io.elanus.proto.internal.FlushRequest;
import io.elanus.proto.internal.FlushResponse;
import io.elanus.proto.internal.FlushStateRequest;
import io.elanus.proto.internal.FlushStateResponse;
import io.elanus.proto.internal.IndexJob;
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.internal.JobKind;
import io.elanus.proto.internal.JobKindState;
import io.elanus.proto.internal.PersistentSegment;
import io.elanus.proto.internal.PersistentSegmentsRequest;
import io.elanus.proto.internal.PersistentSegmentsResponse;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RenewJobResponse;
import io.elanus.proto.internal.RestoreJob;
import io.elanus.proto.internal.RestoreSnapshotRequest;
import io.elanus.proto.internal.RestoreSnapshotResponse;
import io.elanus.proto.internal.RestoredPartition;
import io.elanus.proto.internal.RestoresRequest;
import io.elanus.proto.internal.RestoresResponse;
import io.elanus.proto.internal.SnapshotsRequest;
import io.elanus.proto.internal.SnapshotsResponse;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.proto.internal.TakeSnapshotResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import io.elanus.rpc.internal.DataCoordApi;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The edge of datacoord.
final class DataCoordService implements DataCoordApi {
  private static final long MAX_WAIT_MILLIS = 60_000;

  private final DataCoordPorts ports;
  private final DataCoordConfig config;
  private final Election<DataCoordTerm> election;
  private final ShardManifests manifests;
  private final FlushProgress progress;
  private final Statistics statistics;
  private final FanOut fanOut;

  DataCoordService(
      DataCoordPorts ports,
      DataCoordConfig config,
      ShardManifests manifests,
      Election<DataCoordTerm> election) {
    this.ports = ports;
    this.config = config;
    this.election = election;
    this.manifests = manifests;
    this.progress = new FlushProgress(ports.meta(), manifests);
    this.fanOut = new FanOut(ports.run());
    this.statistics =
        new Statistics(
            ports.run(), manifests, ports.peers(), fanOut, new IndexPlan(config.minIndexRows()));
  }

  @Override
  public FlushResponse flush(FlushRequest request) {
    DataCoordTerm term = election.term();
    Collection collection = requireCollection(new CollectionId(request.getCollectionId()));
    FlushNote note = flush(term, collection);
    return FlushResponse.newBuilder()
        .setNoteId(note.id())
        .setTimestamp(note.timestamp())
        .addAllFlushedSegmentIds(flushedSegments(collection))
        .build();
  }

  private FlushNote flush(DataCoordTerm term, Collection collection) {
    FlushNote note = new FlushNote(freshId(), collection.id(), ends(collection), freshTimestamp());
    if (!progress.isDone(note)) {
      term.addNote(note);
    }
    return note;
  }

  @Override
  public FlushStateResponse flushState(FlushStateRequest request) {
    boolean flushed =
        request.getNoteIdsCount() > 0
            ? request.getNoteIdsList().stream().allMatch(this::isFlushed)
            : isFlushed(new CollectionId(request.getCollectionId()), request.getTimestamp());
    return FlushStateResponse.newBuilder().setFlushed(flushed).build();
  }

  @Override
  public IndexProgressResponse indexProgress(IndexProgressRequest request) {
    Collection collection = requireCollection(new CollectionId(request.getCollectionId()));
    IndexId index = new IndexId(request.getIndexId());
    IndexDefinition definition =
        ports
            .meta()
            .get(MetaKeys.index(collection.id(), index))
            .map(CatalogCodec::index)
            .orElseThrow(() -> ErrorCode.INDEX_NOT_FOUND.with("indexID", index));
    Optional<String> failure =
        election.term().board().failure(missing -> missing.index().equals(index));
    return statistics.indexProgress(collection, definition, failure);
  }

  @Override
  public CollectionStatisticsResponse collectionStatistics(CollectionStatisticsRequest request) {
    Collection collection = requireCollection(new CollectionId(request.getCollectionId()));
    return CollectionStatisticsResponse.newBuilder()
        .setRowCount(
            statistics.rowCount(
                collection,
                request.getPartitionId() == 0
                    ? Optional.empty()
                    : Optional.of(new PartitionId(request.getPartitionId())),
                () -> election.term().confirmed(),
                deadline()))
        .build();
  }

  @Override
  public PersistentSegmentsResponse persistentSegments(PersistentSegmentsRequest request) {
    Collection collection = requireCollection(new CollectionId(request.getCollectionId()));
    PersistentSegmentsResponse.Builder response = PersistentSegmentsResponse.newBuilder();
    manifests.newest(collection.id()).stream()
        .flatMap(manifest -> manifest.segments().stream())
        .forEach(segment ->
            response.addSegments(
                PersistentSegment.newBuilder()
                    .setSegmentId(segment.id().value())
                    .setPartitionId(segment.partition().value())
                    .setRowCount(segment.rowCount())));
    return response.build();
  }

  @Override
  public CompactResponse compact(CompactRequest request) {
    DataCoordTerm term = election.term();
    Collection collection = requireCollection(new CollectionId(request.getCollectionId()));
    CompactionPlan.Demand demand =
        new CompactionPlan.Demand(
            term.compactions().requireTarget(request.getTargetBytes()),
            request.getPartitionId() == 0
                ? Optional.empty()
                : Optional.of(new PartitionId(request.getPartitionId())),
            request.getPurgeOnly(),
            TtlField.of(collection).isPresent());
    CompactionNote note = term.compact(collection, demand);
    return CompactResponse.newBuilder()
        .setCompactionId(note.wanted().isEmpty() ? 0 : note.id())
        .setJobCount(note.wanted().size())
        .build();
  }

  @Override
  public CompactionProgressResponse compactionProgress(CompactionProgressRequest request) {
    return election.term().compactions().progress(request.getCompactionId());
  }

  @Override
  public BackgroundWorkResponse backgroundWork(BackgroundWorkRequest request) {
    DataCounts counts = election.term().counts();
    return BackgroundWorkResponse.newBuilder()
        .addKinds(state(JobKind.INDEX_BUILD, counts.jobs()))
        .addKinds(state(JobKind.COMPACTION, counts.compactions()))
        .addKinds(state(JobKind.RESTORE, counts.restores()))
        .setSweptObjects(counts.sweptObjects())
        .build();
  }

  private static JobKindState state(JobKind kind, JobCounts counts) {
    return JobKindState.newBuilder()
        .setKind(kind)
        .setWaiting(counts.waiting())
        .setRunning(counts.running())
        .setDone(counts.done())
        .setFailed(counts.failed())
        .build();
  }

  @Override
  public TakeSnapshotResponse takeSnapshot(TakeSnapshotRequest request) {
    DataCoordTerm term = election.term();
    Snapshots snapshots = new Snapshots(ports, manifests, this::freshId, commits(term));
    Snapshot taken =
        snapshots.take(
            new CollectionId(request.getCollectionId()),
            request.getName(),
            request.getDescription(),
            deadline());
    return TakeSnapshotResponse.newBuilder().setSnapshotId(taken.id()).build();
  }

  private Snapshots.Commits commits(DataCoordTerm term) {
    return new Snapshots.Commits() {
      @Override
      public void requireRoom(CollectionId collection, String name) {
        term.requireRoom(collection, name);
      }

      @Override
      public void flush(Collection collection) {
        DataCoordService.this.flush(term, collection);
      }

      @Override
      public boolean add(Snapshot snapshot, List<Condition> unchanged, Deadline deadline) {
        return term.add(snapshot, unchanged, deadline);
      }
    };
  }

  @Override
  public SnapshotsResponse snapshots(SnapshotsRequest request) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    return SnapshotsResponse.newBuilder()
        .addAllSnapshots(
            election.term().confirmed().snapshotsOf(collection).stream()
                .map(SnapshotCodec::encode)
                .toList())
        .build();
  }

  @Override
  public DropSnapshotResponse dropSnapshot(DropSnapshotRequest request) {
    election.term().dropSnapshot(new CollectionId(request.getCollectionId()), request.getName());
    return DropSnapshotResponse.getDefaultInstance();
  }

  @Override
  public RestoreSnapshotResponse restoreSnapshot(RestoreSnapshotRequest request) {
    DataCoordTerm term = election.term();
    Snapshot snapshot =
        SnapshotRules.require(
            term.confirmed(), new CollectionId(request.getCollectionId()), request.getName());
    Restore restore =
        new Restore(
            freshId(),
            snapshot.name(),
            snapshot.of(),
            request.getTargetDatabase(),
            request.getTargetName(),
            new CollectionId(freshId()),
            freshTimestamp(),
            new Restore.Phase.Running(snapshot, false));
    term.addRestore(restore);
    return RestoreSnapshotResponse.newBuilder().setRestoreId(restore.id()).build();
  }

  @Override
  public RestoresResponse restores(RestoresRequest request) {
    DataCoordTerm term = election.term();
    term.confirmed();
    return RestoresResponse.newBuilder().addAllRestores(term.restores().progress()).build();
  }

  @Override
  public AcquireJobResponse acquireJob(AcquireJobRequest request) {
    return switch (request.getKind()) {
      case INDEX_BUILD ->
          acquire(request, DataCoordTerm::board)
              .map(job -> AcquireJobResponse.newBuilder().setJob(encode(job)).build())
              .orElse(AcquireJobResponse.getDefaultInstance());
      case COMPACTION ->
          acquire(request, term -> term.compactions().board())
              .map(job ->
                  AcquireJobResponse.newBuilder().setCompaction(encodeCompaction(job)).build())
              .orElse(AcquireJobResponse.getDefaultInstance());
      case RESTORE ->
          acquire(request, term -> term.restores().board())
              .map(job -> AcquireJobResponse.newBuilder().setRestore(encodeRestore(job)).build())
              .orElse(AcquireJobResponse.getDefaultInstance());
      case UNRECOGNIZED -> throw unknown(request.getKindValue());
    };
  }

  private <J extends JobBoard.Work> Optional<JobBoard.Assigned<J>> acquire(
      AcquireJobRequest request, Function<DataCoordTerm, JobBoard<J>> board) {
    long waitMillis = Math.clamp(request.getWaitMillis(), 0, MAX_WAIT_MILLIS);
    Deadline deadline = Deadline.after(ports.run(), Duration.ofMillis(waitMillis));
    NodeId worker = new NodeId(request.getNodeId());
    while (board.apply(election.term()).awaitWork(deadline)) {
      DataCoordTerm term = election.term();
      Optional<JobBoard.Assigned<J>> job = board.apply(term).acquire(worker, freshId());
      if (job.isPresent()) {
        return job;
      }
    }
    return Optional.empty();
  }

  private static DbException unknown(int kind) {
    return ErrorCode.INVALID_PARAMETER.because("unknown kind of job %d", kind);
  }

  @Override
  public RenewJobResponse renewJob(RenewJobRequest request) {
    NodeId worker = new NodeId(request.getNodeId());
    boolean held =
        switch (request.getKind()) {
          case INDEX_BUILD -> election.term().board().renew(request.getJobId(), worker);
          case COMPACTION ->
              election.term().compactions().board().renew(request.getJobId(), worker);
          case RESTORE -> election.term().restores().board().renew(request.getJobId(), worker);
          case UNRECOGNIZED -> throw unknown(request.getKindValue());
        };
    return RenewJobResponse.newBuilder().setHeld(held).build();
  }

  @Override
  public FinishJobResponse finishJob(FinishJobRequest request) {
    switch (request.getKind()) {
      case INDEX_BUILD -> {
        JobBoard<IndexPlan.Missing> board = election.term().board();
        finish(request, board, (id, worker) -> board.finish(id, worker, request.getFailure()));
      }
      case COMPACTION -> {
        Compactions compactions = election.term().compactions();
        finish(
            request,
            compactions.board(),
            (id, worker) -> compactions.finish(id, worker, request.getFailure()));
      }
      case RESTORE -> {
        JobBoard<RestoreTask> board = election.term().restores().board();
        finish(request, board, (id, worker) -> board.finish(id, worker, request.getFailure()));
      }
      case UNRECOGNIZED -> throw unknown(request.getKindValue());
    }
    return FinishJobResponse.getDefaultInstance();
  }

  private static void finish(
      FinishJobRequest request, JobBoard<?> board, BiConsumer<Long, NodeId> finish) {
    NodeId worker = new NodeId(request.getNodeId());
    if (request.getReturned()) {
      board.giveBack(request.getJobId(), worker);
    } else {
      finish.accept(request.getJobId(), worker);
    }
  }

  /// Each shard's position is taken after the request arrived.
  private List<Position> ends(Collection collection) {
    List<LogId> logs = collection.shardLogs().stream().distinct().toList();
    List<Position> ends = fanOut.all(logs, deadline(), ports.wal()::end);
    Map<LogId, Position> byLog = new HashMap<>();
    for (int i = 0; i < logs.size(); i++) {
      byLog.put(logs.get(i), ends.get(i));
    }
    return collection.shardLogs().stream().map(byLog::get).toList();
  }

  private List<Long> flushedSegments(Collection collection) {
    return manifests.newest(collection.id()).stream()
        .map(Manifest::segments)
        .flatMap(List::stream)
        .map(SegmentEntry::id)
        .map(id -> id.value())
        .toList();
  }

  /// A note that is not there is done.
  private boolean isFlushed(long noteId) {
    return ports
        .meta()
        .get(MetaKeys.flush(noteId))
        .map(FlushNote::decode)
        .map(progress::isDone)
        .orElse(true);
  }

  /// Whether all flushes asked for up to `timestamp` are done, with 0 all so far: of the collection, or
  /// of all of them when a timestamp alone is given. A request that names nothing is done: clients ask so
  /// about a flush that had nothing to flush.
  private boolean isFlushed(CollectionId collection, long timestamp) {
    return ports.meta().range(MetaKeys.FLUSHES).entries().stream()
        .map(FlushNote::decode)
        .filter(
            note -> collection.value() == 0 ? timestamp != 0 : note.collection().equals(collection))
        .filter(note -> timestamp == 0 || note.timestamp() <= timestamp)
        .allMatch(progress::isDone);
  }

  private IndexJob encode(JobBoard.Assigned<IndexPlan.Missing> job) {
    var file = job.work();
    return IndexJob.newBuilder()
        .setJobId(job.jobId())
        .setCollectionId(file.shard().collection().value())
        .setShard(file.shard().index())
        .setSegmentId(file.segment().value())
        .setIndexId(file.index().value())
        .setFieldId(file.fieldId())
        .setAttempt(job.jobId())
        .setManifestKey(job.manifest().value())
        .setLeaseMillis(config.jobLease().toMillis())
        .build();
  }

  private CompactionJob encodeCompaction(JobBoard.Assigned<CompactionPlan.Task> job) {
    CompactionPlan.Task task = job.work();
    return CompactionJob.newBuilder()
        .setJobId(job.jobId())
        .setCollectionId(task.shard().collection().value())
        .setShard(task.shard().index())
        .addAllSegmentIds(task.inputs().stream().map(id -> id.value()).toList())
        .setManifestKey(job.manifest().value())
        .setLeaseMillis(config.jobLease().toMillis())
        .setStageFromRows(election.term().stageFromRows(task.shard().collection()))
        .build();
  }

  private RestoreJob encodeRestore(JobBoard.Assigned<RestoreTask> job) {
    RestoreTask task = job.work();
    RestoreJob.Builder restore =
        RestoreJob.newBuilder()
            .setJobId(job.jobId())
            .setCollectionId(task.shard().collection().value())
            .setShard(task.shard().index())
            .setManifestKey(job.manifest().value())
            .setVersion(task.version())
            .setLeaseMillis(config.jobLease().toMillis());
    task.partitions()
        .forEach((source, target) ->
            restore.addPartitions(
                RestoredPartition.newBuilder()
                    .setSourceId(source.value())
                    .setTargetId(target.value())));
    return restore.build();
  }

  private Collection requireCollection(CollectionId id) {
    return ports
        .meta()
        .get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .filter(collection -> collection.state() == CollectionState.ACTIVE)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
  }

  private long freshId() {
    var request = AllocateIdsRequest.newBuilder().setCount(1).build();
    return ports.peers().rootCoord().allocateIds(request).getFirst();
  }

  private long freshTimestamp() {
    var request = AllocateTimestampRequest.newBuilder().setCount(1).build();
    return ports.peers().rootCoord().allocateTimestamp(request).getFirst();
  }

  private Deadline deadline() {
    Run run = ports.run();
    return Deadline.after(run, config.requestTimeout());
  }
}
