package io.elanus.rootcoord;

import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.StructField;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What somebody wants of the catalog.
sealed interface CatalogCommand {
  /// Partitions that rows are divided among by their partition key, at most.
  int MAX_KEYED_PARTITIONS = 1024;

  /// A timestamp and the first of some ids that were never used before.
  record Fresh(long timestamp, long firstId) {
    /// As many as commands need that do not say how many: a collection and its first partition.
    static final int IDS = 2;
  }

  record CreateDatabase(String name, Map<String, String> properties, Fresh fresh)
      implements CatalogCommand {}

  record DropDatabase(String name) implements CatalogCommand {}

  /// @param schema its name is the collection's; its field ids are void
  /// @param partitionCount among which rows are divided by their partition key; 0 without one
  record CreateCollection(
      String database,
      CollectionSchema schema,
      int shardCount,
      int partitionCount,
      ConsistencyLevel consistency,
      Map<String, String> properties,
      Fresh fresh)
      implements CatalogCommand {}

  /// A collection with the same fields, partitions, properties and indexes as another one had, in state RESTORING.
  ///
  /// @param id drawn by who asks: the same again is success
  /// @param source as it was
  /// @param indexes it had
  /// @param fresh ids for its partitions, then for its indexes
  /// @param wanted holds as long as the collection is to be made
  record BeginRestore(
      CollectionId id,
      String database,
      String name,
      Collection source,
      List<IndexDefinition> indexes,
      Fresh fresh,
      Condition wanted)
      implements CatalogCommand {}

  /// @param versions see [io.elanus.common.model.PendingDdl.Effect.Imported]
  record FinishRestore(CollectionId id, List<Long> versions) implements CatalogCommand {}

  record AbortRestore(CollectionId id) implements CatalogCommand {}

  /// The first half of a drop: the collection becomes invisible.
  ///
  /// @param only whom to drop; who has the name by now, but is another, stays. Empty for whoever has it
  record DropCollection(String database, String name, Optional<CollectionId> only)
      implements CatalogCommand {}

  /// The second half, once the control record is in the log of every shard.
  record ForgetCollection(CollectionId id) implements CatalogCommand {}

  /// @param name empty for the default: the name of the index there is, else the field's
  /// @param flatParams see [IndexDefinition]
  record CreateIndex(
      CollectionId collection,
      long fieldId,
      String name,
      Map<String, String> params,
      Map<String, String> flatParams,
      Fresh fresh)
      implements CatalogCommand {}

  record DropIndex(CollectionId collection, IndexId index) implements CatalogCommand {}

  /// @param params, removed see [AlterCollection]
  record AlterIndex(
      CollectionId collection, IndexId index, Map<String, String> params, List<String> removed)
      implements CatalogCommand {}

  /// @param newDatabase may be the same
  record RenameCollection(String database, String name, String newDatabase, String newName)
      implements CatalogCommand {}

  record CreateAlias(String database, String alias, String collection) implements CatalogCommand {}

  record AlterAlias(String database, String alias, String collection) implements CatalogCommand {}

  record DropAlias(String database, String alias) implements CatalogCommand {}

  record CreatePartition(CollectionId collection, String name, Fresh fresh)
      implements CatalogCommand {}

  /// @param only whom to drop; who has the name by now, but is another, stays
  /// @param unloaded conditions under which it is not loaded
  record DropPartition(
      CollectionId collection, String name, PartitionId only, List<Condition> unloaded)
      implements CatalogCommand {}

  /// All rows go.
  record TruncateCollection(CollectionId id) implements CatalogCommand {}

  /// The control record of `ddlSequence` is in the log of every shard.
  record FinishDdl(CollectionId id, long ddlSequence) implements CatalogCommand {}

  /// @param properties to be set
  /// @param removed keys to be removed
  record AlterCollection(
      CollectionId id, Map<String, String> properties, List<String> removed, long timestamp)
      implements CatalogCommand {}

  /// @param params, removed see [AlterCollection]
  record AlterField(
      CollectionId collection,
      String field,
      Map<String, String> params,
      List<String> removed,
      long timestamp)
      implements CatalogCommand {}

  /// @param field checked on its own; its id is void
  record AddField(CollectionId collection, Field field, long timestamp) implements CatalogCommand {}

  /// @param fields its sub-fields. All are checked on their own; ids are void
  record AddStruct(CollectionId collection, StructField struct, List<Field> fields, long timestamp)
      implements CatalogCommand {
    public AddStruct {
      fields = List.copyOf(fields);
    }
  }

  /// @param properties, removed see [AlterCollection]
  record AlterDatabase(String name, Map<String, String> properties, List<String> removed)
      implements CatalogCommand {}
}
