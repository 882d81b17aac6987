package io.elanus.querynode;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.PrepareSegmentsRequest;
import io.elanus.proto.internal.PrepareSegmentsResponse;
import io.elanus.proto.internal.SegmentsLacking;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.querynode.ShardReading.Answer;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.shard.ReadPoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// A leader's calls to the nodes that hold segments of its shard.
///
/// Each call brings the deletes of the tail that the holder does not know yet, as far as this leader
/// believes. A belief that is wrong costs another call: the holder knows best, and does not answer before
/// it has all deletes up to the version read at.
///
/// ```
/// manifest's delete files | tail
/// .....................  c | ...... a ........ s
///                              sent ^^^^^^^^^^     the holder is believed to know all through a >= c
/// ```
final class HolderCalls {
  /// Deletes of one call at most, but for those of one record.
  private static final long MAX_DELETE_BYTES = 8L << 20;

  private final Run run;
  private final Peers peers;
  private final ShardId shard;
  private final Gate gate;

  // guarded by gate: through which version each holder is believed to know the shard's deletes
  private final Map<NodeId, Long> known = new HashMap<>();

  HolderCalls(Run run, Peers peers, ShardId shard) {
    this.run = run;
    this.peers = peers;
    this.shard = shard;
    this.gate = run.gate();
  }

  /// What `holder` has of a read.
  ///
  /// @param segments all of them, or it is an error
  /// @throws io.elanus.common.error.DbException `SEGMENT_NOT_LOADED` when the holder lacks one, and what a call
  ///     or the read fails with
  <R> R ask(
      NodeId holder,
      ReadPoint point,
      List<SegmentId> segments,
      ShardReading<R> reading,
      Deadline deadline) {
    Answer<R> answer =
        call(holder, point, segments, deadline, (api, read) -> reading.there(api, read));
    return switch (answer) {
      case Answer.Found<R>(R part) -> part;
      case Answer.Lacking<R>(SegmentsLacking lacking) ->
          throw ErrorCode.SEGMENT_NOT_LOADED.because(
              "node %s does not hold segments %s of shard %s",
              holder, lacking.getSegmentIdsList(), shard);
    };
  }

  /// Lets `holder` make itself ready.
  ///
  /// @param wait until it is, at most
  /// @return those of `segments` it could answer for
  Set<SegmentId> prepare(
      NodeId holder, ReadPoint point, List<SegmentId> segments, Duration wait, Deadline deadline) {
    Answer<Boolean> answer =
        call(holder, point, segments, deadline, (api, read) -> prepared(api, read, wait));
    return switch (answer) {
      case Answer.Found<Boolean> _ -> Set.copyOf(segments);
      case Answer.Lacking<Boolean>(SegmentsLacking lacking) -> {
        List<SegmentId> open =
            segments.stream()
                .filter(id -> !lacking.getSegmentIdsList().contains(id.value()))
                .toList();
        boolean some = !open.isEmpty() && open.size() < segments.size();
        yield some ? prepare(holder, point, open, Duration.ZERO, deadline) : Set.of();
      }
    };
  }

  private static Answer<Boolean> prepared(QueryNodeApi api, SegmentsRead read, Duration wait) {
    PrepareSegmentsResponse response =
        api.prepareSegments(
            PrepareSegmentsRequest.newBuilder()
                .setRead(read)
                .setWaitMillis(wait.toMillis())
                .build());
    return response.hasLacking()
        ? new Answer.Lacking<>(response.getLacking())
        : new Answer.Found<>(true);
  }

  /// Calls until the holder knows all deletes it needs, or lacks a segment.
  private <R> Answer<R> call(
      NodeId holder,
      ReadPoint point,
      List<SegmentId> segments,
      Deadline deadline,
      BiFunction<QueryNodeApi, SegmentsRead, Answer<R>> call) {
    QueryNodeApi api = peers.queryNode(holder);
    long after = believed(holder, point);
    while (true) {
      SegmentsRead read = read(point, segments, after);
      Answer<R> answer = RequestContext.until(run, deadline, () -> call.apply(api, read));
      switch (answer) {
        case Answer.Found<R> _ -> {
          learn(holder, point.version());
          return answer;
        }
        case Answer.Lacking<R>(SegmentsLacking lacking) -> {
          if (lacking.getSegmentIdsCount() > 0) {
            return answer;
          }
          after = resumed(holder, point, after, lacking.getDeletesAfter());
        }
      }
      deadline.check(run, "node %s to learn the deletes of shard %s".formatted(holder, shard));
    }
  }

  /// The version to send deletes from next.
  private long resumed(NodeId holder, ReadPoint point, long sentAfter, long lackingAfter) {
    forget(holder, lackingAfter);
    if (lackingAfter < point.coveredFrom() || lackingAfter == sentAfter) {
      throw ErrorCode.SEGMENT_NOT_LOADED.because(
          "node %s knows the deletes of shard %s only through %d, its manifest is older than %d",
          holder, shard, lackingAfter, point.manifestVersion());
    }
    return lackingAfter;
  }

  private SegmentsRead read(ReadPoint point, List<SegmentId> segments, long after) {
    Batch batch = batch(point, after);
    return SegmentsRead.newBuilder()
        .setCollectionId(shard.collection().value())
        .setShard(shard.index())
        .setManifestVersion(point.manifestVersion())
        .addAllSegmentIds(segments.stream().map(SegmentId::value).collect(Collectors.toList()))
        .setVersion(point.version())
        .setDeletesAfter(after)
        .setDeletesThrough(batch.through)
        .setDeletes(batch.bytes)
        .setSchemaVersion(point.tail().schema().version())
        .setExpiredThrough(point.tail().expiredThrough(point.version()))
        .build();
  }

  private record Batch(long through, ByteString bytes) {}

  /// All deletes above `after`, or the first of them.
  private static Batch batch(ReadPoint point, long after) {
    List<Deletes> deletes = point.deletes(after);
    long bytes = 0;
    int count = 0;
    while (count < deletes.size() && (count == 0 || bytes < MAX_DELETE_BYTES)) {
      bytes += deletes.get(count++).sizeBytes();
    }
    if (count == 0) {
      return new Batch(point.version(), ByteString.EMPTY);
    }
    List<Deletes> sent = deletes.subList(0, count);
    long through = count == deletes.size() ? point.version() : sent.getLast().version();
    return new Batch(through, UnsafeByteOperations.unsafeWrap(DeleteFile.write(sent)));
  }

  private long believed(NodeId holder, ReadPoint point) {
    long least = point.coveredFrom();
    long most = point.version();
    return gate.read(() -> Math.clamp(known.getOrDefault(holder, least), least, most));
  }

  private void learn(NodeId holder, long through) {
    gate.change(() -> known.merge(holder, through, Math::max));
  }

  private void forget(NodeId holder, long through) {
    gate.change(() -> Optional.ofNullable(known.put(holder, through)));
  }
}
