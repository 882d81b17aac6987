package io.elanus.datacoord;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.datacoord.CompactionPlan.Task;
import io.elanus.proto.internal.CompactionMeta;
import io.elanus.proto.internal.CompactionTaskMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.List;
import java.util.SortedMap;

/// What somebody asked to be compacted. It is kept until all of it is done: a note that is not there is.
///
/// @param wanted each with the version through which a segment that is alone in its task is to have applied
///     deletes
record CompactionNote(long id, CollectionId collection, List<Wanted> wanted) {
  CompactionNote {
    wanted = List.copyOf(wanted);
  }

  record Wanted(Task task, long appliedThrough) {
    /// Whether it is to be done still, as this manifest of the task's shard says. What is staged is not done.
    boolean isPending(Manifest manifest) {
      List<SegmentId> inputs = task.inputs();
      long left =
          manifest.segments().stream()
              .filter(segment -> inputs.contains(segment.id()))
              .filter(segment -> inputs.size() > 1 || segment.appliedThrough() < appliedThrough)
              .count();
      return left == inputs.size();
    }
  }

  byte[] encode() {
    CompactionMeta.Builder meta =
        CompactionMeta.newBuilder().setNoteId(id).setCollectionId(collection.value());
    for (Wanted one : wanted) {
      meta.addTasks(
          CompactionTaskMeta.newBuilder()
              .setShard(one.task().shard().index())
              .setPartitionId(one.task().partition().value())
              .addAllSegmentIds(one.task().inputs().stream().map(SegmentId::value).toList())
              .setAppliedThrough(one.appliedThrough()));
    }
    return meta.build().toByteArray();
  }

  static CompactionNote decode(MetaEntry entry) {
    CompactionMeta meta = CatalogCodec.parse(entry, CompactionMeta.parser());
    CollectionId collection = new CollectionId(meta.getCollectionId());
    return new CompactionNote(
        meta.getNoteId(),
        collection,
        meta.getTasksList().stream().map(task -> decode(collection, task)).toList());
  }

  private static Wanted decode(CollectionId collection, CompactionTaskMeta meta) {
    return new Wanted(
        new Task(
            new ShardId(collection, meta.getShard()),
            new PartitionId(meta.getPartitionId()),
            meta.getSegmentIdsList().stream().map(SegmentId::new).toList()),
        meta.getAppliedThrough());
  }

  /// Those that are not done.
  ///
  /// @param newest manifests of the collection's shards; a shard without one has nothing to be done
  List<Wanted> pending(SortedMap<ShardId, Manifest> newest) {
    return wanted.stream()
        .filter(one -> {
          Manifest manifest = newest.get(one.task().shard());
          return manifest != null && one.isPending(manifest);
        })
        .toList();
  }
}
