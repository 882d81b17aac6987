package io.elanus.rootcoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.IndexId;
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
}
