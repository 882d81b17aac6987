package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.Rules;
import io.elanus.common.run.Outcome;
import io.elanus.datacoord.DataState.Owner;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.SnapshotCodec;
import java.util.List;

/// What the coming and going of datanodes, flushes, snapshots and drops change.
final class DataRules implements Rules<DataState, DataCommand, DataChange, DataAnswer> {
  /// Changes of one commit, within the store's limit.
  static final int MAX_CHANGES = 64;

  /// Asked for by hand and under way at once; each keeps an entry of some kilobytes.
  static final int MAX_COMPACTIONS = 1_000;

  private final int logCount;
  private final int maxFlushes;
  private final SnapshotLimits snapshots;

  DataRules(int logCount, int maxFlushes, SnapshotLimits snapshots) {
    this.logCount = logCount;
    this.maxFlushes = maxFlushes;
    this.snapshots = snapshots;
  }

  @Override
  public Decision<DataChange, DataAnswer> decide(DataState state, DataCommand command) {
    return switch (command) {
      case DataCommand.AssignLogs(var staying, var kept) ->
          limited(LogPlacement.takeOver(state.owners(), logCount, staying, kept));
      case DataCommand.MoveLog(var move) -> moveLog(state, move);
      case DataCommand.AddNote(var note) -> addNote(state, note);
      case DataCommand.CloseNotes(var ids) ->
          limited(
              ids.stream()
                  .filter(id -> state.notes().containsKey(id))
                  .<DataChange>map(DataChange.RemoveNote::new)
                  .toList());
      case DataCommand.AddCompaction(var note) -> addCompaction(state, note);
      case DataCommand.CloseCompactions(var ids) ->
          limited(
              ids.stream()
                  .filter(id -> state.compactions().containsKey(id))
                  .<DataChange>map(DataChange.RemoveCompaction::new)
                  .toList());
      case DataCommand.RemovePointers remove -> removePointers(remove);
      case DataCommand.AddSnapshot add -> SnapshotRules.add(state, add, snapshots);
      case DataCommand.RemoveSnapshot remove -> SnapshotRules.remove(state, remove);
      case DataCommand.AddRestore(var restore) -> RestoreRules.add(state, restore, snapshots);
      case DataCommand.PutPhase(var id, var phase) -> RestoreRules.put(state, id, phase);
      case DataCommand.RemoveSnapshots(var collection) ->
          limited(
                  state.snapshotsOf(collection).stream()
                      .<DataChange>map(DataChange.RemoveSnapshot::new)
                      .toList())
              .onlyIf(
                  List.of(new Condition.Absent(MetaKeys.collection(collection))),
                  Outcome.done(DataAnswer.DONE));
    };
  }

  @Override
  public DataState apply(DataState state, List<DataChange> changes) {
    return state.apply(changes);
  }

  @Override
  public Change write(DataChange change) {
    return switch (change) {
      case DataChange.PutOwner(var log, var owner) ->
          new Change.Put(
              MetaKeys.owner(log),
              OwnerMeta.newBuilder()
                  .setNodeId(owner.node().value())
                  .setEpoch(owner.epoch())
                  .build()
                  .toByteArray());
      case DataChange.PutNote(var note) -> new Change.Put(MetaKeys.flush(note.id()), note.encode());
      case DataChange.RemoveNote(var id) -> new Change.Remove(MetaKeys.flush(id));
      case DataChange.PutCompaction(var note) ->
          new Change.Put(MetaKeys.compaction(note.id()), note.encode());
      case DataChange.RemoveCompaction(var id) -> new Change.Remove(MetaKeys.compaction(id));
      case DataChange.PutSnapshot(var snapshot) ->
          new Change.Put(
              MetaKeys.snapshot(snapshot.of(), snapshot.id()),
              SnapshotCodec.encode(snapshot).toByteArray());
      case DataChange.RemoveSnapshot(var snapshot) ->
          new Change.Remove(MetaKeys.snapshot(snapshot.of(), snapshot.id()));
      case DataChange.PutRestore(var restore) ->
          new Change.Put(MetaKeys.restore(restore.id()), restore.encode().toByteArray());
      case DataChange.RemoveRestore(var id) -> new Change.Remove(MetaKeys.restore(id));
      case DataChange.RemovePointer(var shard) -> new Change.Remove(MetaKeys.pointer(shard));
    };
  }

  private static Decision<DataChange, DataAnswer> moveLog(DataState state, LogPlacement.Move move) {
    Owner owner = state.owners().get(move.log());
    boolean unchanged = owner != null && owner.epoch() == move.epoch();
    Owner next = new Owner(move.to(), move.epoch() + 1);
    return Decision.change(
        DataAnswer.DONE,
        unchanged ? List.of(new DataChange.PutOwner(move.log(), next)) : List.of());
  }

  private Decision<DataChange, DataAnswer> addNote(DataState state, FlushNote note) {
    if (state.notes().size() >= maxFlushes) {
      throw ErrorCode.RATE_LIMIT.because("%d flushes are under way", maxFlushes);
    }
    return Decision.change(DataAnswer.DONE, List.of(new DataChange.PutNote(note)));
  }

  private static Decision<DataChange, DataAnswer> addCompaction(
      DataState state, CompactionNote note) {
    if (state.compactions().size() >= MAX_COMPACTIONS) {
      throw ErrorCode.RATE_LIMIT.because("%d compactions are under way", MAX_COMPACTIONS);
    }
    return Decision.change(DataAnswer.DONE, List.of(new DataChange.PutCompaction(note)));
  }

  /// Only of what the catalog really has no more; ids are never reused, so it stays that way.
  private static Decision<DataChange, DataAnswer> removePointers(
      DataCommand.RemovePointers command) {
    List<DataChange> changes =
        command.shards().stream().<DataChange>map(DataChange.RemovePointer::new).toList();
    return limited(changes)
        .onlyIf(
            List.of(new Condition.Absent(MetaKeys.collection(command.collection()))),
            Outcome.done(DataAnswer.DONE));
  }

  private static Decision<DataChange, DataAnswer> limited(List<DataChange> changes) {
    boolean more = changes.size() > MAX_CHANGES;
    return Decision.change(
        more ? DataAnswer.MORE : DataAnswer.DONE, more ? changes.subList(0, MAX_CHANGES) : changes);
  }
}
