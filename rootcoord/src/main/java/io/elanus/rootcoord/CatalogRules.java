package io.elanus.rootcoord;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.Rules;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.Comparator;
import java.util.List;

/// The rules of the catalog, by subject: [DatabaseRules], [CollectionRules], [RestoreRules], [RenameRules], [AliasRules],
/// [PartitionRules], [PropertyRules], [FieldRules], [IndexRules].
final class CatalogRules
    implements Rules<CatalogState, CatalogCommand, CatalogChange, CatalogAnswer> {
  /// @param logCount the logs shards are spread over
  record Limits(int maxDatabases, int maxCollections, int logCount) {}

  private final Limits limits;

  CatalogRules(Limits limits) {
    this.limits = limits;
  }

  @Override
  public Decision<CatalogChange, CatalogAnswer> decide(CatalogState state, CatalogCommand command) {
    return switch (command) {
      case CatalogCommand.CreateDatabase create -> DatabaseRules.create(state, create, limits);
      case CatalogCommand.DropDatabase drop -> DatabaseRules.drop(state, drop);
      case CatalogCommand.CreateCollection create -> CollectionRules.create(state, create, limits);
      case CatalogCommand.BeginRestore begin -> RestoreRules.begin(state, begin, limits);
      case CatalogCommand.FinishRestore finish -> RestoreRules.finish(state, finish);
      case CatalogCommand.AbortRestore abort -> RestoreRules.abort(state, abort);
      case CatalogCommand.DropCollection drop -> CollectionRules.drop(state, drop);
      case CatalogCommand.ForgetCollection forget -> CollectionRules.forget(state, forget);
      case CatalogCommand.CreateIndex create -> IndexRules.create(state, create);
      case CatalogCommand.DropIndex drop -> IndexRules.drop(state, drop);
      case CatalogCommand.AlterIndex alter -> IndexRules.alter(state, alter);
      case CatalogCommand.RenameCollection rename -> RenameRules.rename(state, rename);
      case CatalogCommand.CreateAlias create -> AliasRules.create(state, create);
      case CatalogCommand.AlterAlias alter -> AliasRules.alter(state, alter);
      case CatalogCommand.DropAlias drop -> AliasRules.drop(state, drop);
      case CatalogCommand.CreatePartition create -> PartitionRules.create(state, create);
      case CatalogCommand.DropPartition drop -> PartitionRules.drop(state, drop);
      case CatalogCommand.TruncateCollection truncate -> CollectionRules.truncate(state, truncate);
      case CatalogCommand.FinishDdl finish -> CollectionRules.finish(state, finish);
      case CatalogCommand.AlterCollection alter -> PropertyRules.alter(state, alter);
      case CatalogCommand.AlterField alter -> PropertyRules.alter(state, alter);
      case CatalogCommand.AddField add -> FieldRules.add(state, add);
      case CatalogCommand.AddStruct add -> FieldRules.add(state, add);
      case CatalogCommand.AlterDatabase alter -> PropertyRules.alter(state, alter);
    };
  }

  @Override
  public CatalogState apply(CatalogState state, List<CatalogChange> changes) {
    return state.apply(changes);
  }

  /// All of the catalog as the metastore has it, by key.
  List<CatalogEntry> entries(CatalogState state) {
    return state
        .contents()
        .map(this::write)
        .map(Change.Put.class::cast)
        .map(put -> new CatalogEntry(put.key(), put.value()))
        .sorted(Comparator.comparing(CatalogEntry::key))
        .toList();
  }

  @Override
  public Change write(CatalogChange change) {
    return switch (change) {
      case CatalogChange.PutDatabase(var database) ->
          new Change.Put(
              MetaKeys.database(database.id()), CatalogCodec.encode(database).toByteArray());
      case CatalogChange.RemoveDatabase(var id) -> new Change.Remove(MetaKeys.database(id));
      case CatalogChange.PutCollection(var collection) ->
          new Change.Put(
              MetaKeys.collection(collection.id()), CatalogCodec.encode(collection).toByteArray());
      case CatalogChange.RemoveCollection(var id) -> new Change.Remove(MetaKeys.collection(id));
      case CatalogChange.PutIndex(var index) ->
          new Change.Put(
              MetaKeys.index(index.collection(), index.id()),
              CatalogCodec.encode(index).toByteArray());
      case CatalogChange.RemoveIndex(var index) ->
          new Change.Remove(MetaKeys.index(index.collection(), index.id()));
    };
  }
}
