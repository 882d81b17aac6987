package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.simulation.Node.Kind;
import java.util.function.Supplier;

/// The bugs that can be planted.
enum Plants {
  NONE(() -> Plant.NONE),

  /// A read that arrives while an end of the log is being asked for takes that answer.
  READ_JOINS_END_IN_FLIGHT(LogPlants.JoinedEnds::new),

  /// A confirmation of a bounded read counts from the answer, not from before the question.
  BOUNDED_STAMPED_AT_REPLY(ReadPlants.StampedAtReply::new),

  /// A sequence at or below a writer's largest counts as a repeat.
  REPEATS_BY_LARGEST_SEQUENCE(() -> new LogPlants.Consumers(LogPlants.LargestSequence::new)),

  /// Every record takes effect.
  NO_REPEAT_FILTER(() -> new LogPlants.Consumers(LogPlants.NoRepeats::new)),

  /// A manifest leaves out the newest delete file.
  DELETE_FILE_DROPPED(() -> new ManifestPlants.Manifests(ManifestPlants::withoutLastDeletes)),

  /// A manifest leaves out the newest segment: rows of one partition are not flushed.
  SEGMENT_DROPPED(() -> new ManifestPlants.Manifests(ManifestPlants::withoutLastSegment)),

  /// A leader takes a manifest's segments without its delete files.
  LEADER_FORGETS_DELETES(
      () -> new ManifestPlants.Read(Kind.QUERYNODE, ManifestPlants::withoutAnyDeletes)),

  /// A flush moves the checkpoint to the end of the log, past rows it has not seen.
  CHECKPOINT_PAST_ROWS(ManifestPlants.CheckpointPastRows::new),

  /// A manifest is committed although the log has another owner.
  COMMIT_WITHOUT_OWNER(
      () -> new ManifestPlants.Conditions(Kind.DATANODE, key -> key.startsWith(MetaKeys.OWNERS))),

  /// A repeated append is a new record.
  RETRY_UNDER_NEW_SEQUENCE(LogPlants.RetryUnderNewSequence::new),

  /// An append that may have happened counts as one that did not.
  UNKNOWN_IS_FAILED(LogPlants.UnknownIsFailed::new),

  /// A holder of segments reads them as they are in its manifest, whatever version it is asked for.
  PEER_IGNORES_THE_VERSION(() -> new ReadPlants.Holders(ReadPlants::atItsManifest)),

  /// A holder of segments passes over the deletes that come with a call.
  PEER_FORGETS_DELETES(
      () -> new ReadPlants.Holders(read -> read.toBuilder().clearDeletes().build())),

  /// A holder of segments shows rows that have expired.
  PEER_FORGETS_EXPIRY(
      () -> new ReadPlants.Holders(read -> read.toBuilder().clearExpiredThrough().build())),

  /// A datanode thinks that more rows have expired than the log says.
  PURGED_BY_OWN_CLOCK(() -> new ManifestPlants.Read(Kind.DATANODE, ManifestPlants::hurried)),

  /// A reader begins at the end of the log instead of where it is told to.
  READER_STARTS_AT_END(() -> new LogPlants.Consumers(LogPlants.StartsAtEnd::new)),

  /// Consumers forget a writer that was silent for ten minutes by the shard's versions.
  WRITERS_FORGOTTEN_BY_TIME(() -> new LogPlants.Consumers(LogPlants.ForgetsByTime::new)),

  /// An owner lets its log forget everything that was flushed, whatever the floor.
  TRIM_TO_THE_END(LogPlants.TrimToTheEnd::new),

  /// An owner skips records of kinds it does not know.
  UNKNOWN_RECORDS_SKIPPED(() -> new LogPlants.Consumers(LogPlants.SkipsUnknown::new)),

  /// The manifest of a halted shard does not name its spill.
  SPILL_FORGOTTEN(() -> new ManifestPlants.Manifests(ManifestPlants::withoutSpill)),

  /// A control record has no sequence of its collection: a repeat of one that comes late hits whoever has the
  /// name by then.
  CONTROL_RECORD_WITHOUT_SEQUENCE(
      () -> new NamePlants.Naming(new NamePlants.LateDropHitsSuccessor())),

  /// A drop is finished before the log of every shard says so.
  DROP_NOT_IN_EVERY_LOG(LogPlants.DropsFirstShardOnly::new),

  /// Nobody tells proxies that a collection they remember has changed.
  NAMES_NOT_CONFIRMED(() -> new NamePlants.Naming(new NamePlants.NamesNotConfirmed())),

  /// Leaders answer reads that were planned before a control record: a name still finds whom it used to mean.
  STALE_PLANS_SERVED(() -> new NamePlants.Naming(new NamePlants.StalePlansServed())),

  /// Consumers take a truncate for a change that leaves rows alone.
  TRUNCATE_FORGOTTEN(() -> new LogPlants.Consumers(() -> LogPlants::withoutTruncates)),

  /// Consumers take a partial upsert for any other, whatever was written since it read.
  PARTIAL_UPSERT_UNCONDITIONAL(() -> new LogPlants.Consumers(() -> LogPlants::withoutVersionsRead)),

  /// An edit is made of the manifest its builder saw, not of the newest.
  EDIT_OF_AN_OLD_MANIFEST(() -> new EditPlants.Edits(EditPlants::ofOlder)),

  /// An edit names a segment that its index was not built for.
  EDIT_OF_ANOTHER_SEGMENT(
      () -> new EditPlants.Edits((older, edited) -> EditPlants.ofAnotherSegment(edited))),

  /// A manifest that a compaction's edit makes has no delete files: what came meanwhile comes back.
  DELETES_DROPPED_AT_COMPACTION(
      () -> new EditPlants.Edits((older, edited) -> ManifestPlants.withoutAnyDeletes(edited))),

  /// A compactor says that it has applied the deletes that came while it was at work.
  DELETES_CLAIMED_BY_COMPACTION(() -> new EditPlants.Submitted(EditPlants::claimingDeletes)),

  /// A compactor leaves out the newest version of what it merges.
  COMPACTION_LOSES_A_SEGMENT(() -> new EditPlants.Submitted(EditPlants::losingRows)),

  /// A compactor's edit does not remove all that it merged.
  COMPACTED_SEGMENT_KEPT(() -> new EditPlants.Submitted(EditPlants::removingLess)),

  /// An owner does not ask what is pinned, and purges up to the newest version.
  HORIZON_IGNORES_PINS(ManifestPlants.HorizonIgnoresPins::new),

  /// A leader that is asked as of a mark answers from what it has applied.
  AS_OF_BEFORE_THE_MARK(ReadPlants.AsOfBeforeTheMark::new),

  /// A page of a search ends between rows that are equally near.
  PAGES_CUT_TIES(
      () -> new ReadPlants.Searches(search -> search.toBuilder().clearWithTies().build())),

  /// A page of a search has the rows once more that are as near as the bound it lies behind.
  PAGES_REPEAT_THEIR_BOUND(() -> new ReadPlants.Searches(ReadPlants::withItsBound)),

  /// An object that no manifest names is deleted when it is old enough.
  SWEPT_BY_TIME_ALONE(SweepPlants.SweptByTimeAlone::new),

  /// The sweeper does not ask what snapshots name.
  SWEPT_FROM_SNAPSHOTS(SweepPlants.SnapshotsNotKept::new),

  /// The sweeper reads manifests as if they had no parents: it keeps what the newest one names, and nothing else.
  SWEPT_FROM_READABLE_MANIFESTS(
      () -> new ManifestPlants.Read(Kind.COORDINATOR, ManifestPlants::withoutParent));

  private final Supplier<Plant> plant;

  Plants(Supplier<Plant> plant) {
    this.plant = plant;
  }

  /// Planted anew for each seed.
  Plant plant() {
    return plant.get();
  }
}
