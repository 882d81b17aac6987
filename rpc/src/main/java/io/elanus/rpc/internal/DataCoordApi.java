package io.elanus.rpc.internal;

import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.BackgroundWorkRequest;
import io.elanus.proto.internal.BackgroundWorkResponse;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.CollectionStatisticsResponse;
import io.elanus.proto.internal.CompactRequest;
import io.elanus.proto.internal.CompactResponse;
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
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.internal.PersistentSegmentsRequest;
import io.elanus.proto.internal.PersistentSegmentsResponse;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RenewJobResponse;
import io.elanus.proto.internal.RestoreSnapshotRequest;
import io.elanus.proto.internal.RestoreSnapshotResponse;
import io.elanus.proto.internal.RestoresRequest;
import io.elanus.proto.internal.RestoresResponse;
import io.elanus.proto.internal.SnapshotsRequest;
import io.elanus.proto.internal.SnapshotsResponse;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.proto.internal.TakeSnapshotResponse;

/// Flushes, compactions, snapshots, index progress and jobs, as datacoord serves them. The caller cannot tell whether the role is in this process;
/// failures are `DbException`s either way. Each method is documented in `datacoord.proto`.
public interface DataCoordApi {
  FlushResponse flush(FlushRequest request);

  FlushStateResponse flushState(FlushStateRequest request);

  IndexProgressResponse indexProgress(IndexProgressRequest request);

  CollectionStatisticsResponse collectionStatistics(CollectionStatisticsRequest request);

  PersistentSegmentsResponse persistentSegments(PersistentSegmentsRequest request);

  CompactResponse compact(CompactRequest request);

  CompactionProgressResponse compactionProgress(CompactionProgressRequest request);

  BackgroundWorkResponse backgroundWork(BackgroundWorkRequest request);

  TakeSnapshotResponse takeSnapshot(TakeSnapshotRequest request);

  SnapshotsResponse snapshots(SnapshotsRequest request);

  DropSnapshotResponse dropSnapshot(DropSnapshotRequest request);

  RestoreSnapshotResponse restoreSnapshot(RestoreSnapshotRequest request);

  RestoresResponse restores(RestoresRequest request);

  AcquireJobResponse acquireJob(AcquireJobRequest request);

  RenewJobResponse renewJob(RenewJobRequest request);

  FinishJobResponse finishJob(FinishJobRequest request);
}
