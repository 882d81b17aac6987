package io.elanus.common.manifest;

import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a shard is made of up to its checkpoint. A shard at an instant = one manifest + the tail of the
/// log after its checkpoint. Immutable; every commit of a shard's owner writes a new one.
///
/// @param version 1 for the first, its parent's plus one for every other
/// @param epoch of the owner that wrote it
/// @param attempt distinguishes objects of the same epoch and version of which at most one was committed
/// @param parent key of the manifest it was made from; empty for the first
/// @param segments in the order of their ids
/// @param recentEdits ids of the last edits, oldest first, so that a repeated edit is recognised
/// @param spill of a halted shard: its records from the checkpoint on
/// @param staged segments that wait to take the place of others
public record Manifest(
    ShardId shard,
    long version,
    long epoch,
    long attempt,
    Optional<ObjectKey> parent,
    Checkpoint checkpoint,
    List<SegmentEntry> segments,
    List<DeleteFileEntry> deleteFiles,
    List<Long> recentEdits,
    Optional<Spill> spill,
    List<Staged> staged) {
  /// How many edit ids are kept.
  public static final int RECENT_EDITS = 64;

  public Manifest {
    segments = List.copyOf(segments);
    deleteFiles = List.copyOf(deleteFiles);
    recentEdits = List.copyOf(recentEdits);
    staged = List.copyOf(staged);
  }

  /// Of a shard that is not halted.
  public Manifest(
      ShardId shard,
      long version,
      long epoch,
      long attempt,
      Optional<ObjectKey> parent,
      Checkpoint checkpoint,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deleteFiles,
      List<Long> recentEdits) {
    this(
        shard,
        version,
        epoch,
        attempt,
        parent,
        checkpoint,
        segments,
        deleteFiles,
        recentEdits,
        Optional.empty(),
        List.of());
  }

  /// Of a shard without staged segments.
  public Manifest(
      ShardId shard,
      long version,
      long epoch,
      long attempt,
      Optional<ObjectKey> parent,
      Checkpoint checkpoint,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deleteFiles,
      List<Long> recentEdits,
      Optional<Spill> spill) {
    this(
        shard,
        version,
        epoch,
        attempt,
        parent,
        checkpoint,
        segments,
        deleteFiles,
        recentEdits,
        spill,
        List.of());
  }

  /// The shard needs no record of the log before it: the checkpoint, or the end of the spill.
  public Position covered() {
    return spill.map(Spill::through).orElse(checkpoint.position());
  }

  /// The segments that reads see, and those that are staged: all that index files are built for.
  public List<SegmentEntry> allSegments() {
    return Stream.concat(
            segments.stream(), staged.stream().flatMap(batch -> batch.segments().stream()))
        .toList();
  }

  /// Every object that this names. None of them may be deleted while this may be read.
  public List<FileRef> files() {
    List<FileRef> files = new ArrayList<>();
    for (SegmentEntry segment : allSegments()) {
      files.add(segment.file());
      segment.indexes().forEach(index -> files.add(index.file()));
    }
    deleteFiles.forEach(deletes -> files.add(deletes.file()));
    spill.ifPresent(all -> all.files().forEach(records -> files.add(records.file())));
    return files;
  }

  public long rowCount() {
    return segments.stream().mapToLong(SegmentEntry::rowCount).sum();
  }
}
