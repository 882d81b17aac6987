package io.elanus.rootcoord;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect.FieldAdded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A collection on its way to its next version: everything is as before but what is said here.
final class NextCollection {
  private final Collection before;
  private DatabaseId database;
  private String databaseName;
  private CollectionSchema schema;
  private List<Partition> partitions;
  private ConsistencyLevel consistency;
  private Map<String, String> properties;
  private long ddlSequence;
  private long updatedTimestamp;
  private CollectionState state;
  private List<String> aliases;
  private Optional<PendingDdl> pending;

  private NextCollection(Collection before) {
    this.before = before;
    this.database = before.database();
    this.databaseName = before.databaseName();
    this.schema = before.schema();
    this.partitions = before.partitions();
    this.consistency = before.consistency();
    this.properties = before.properties();
    this.ddlSequence = before.ddlSequence();
    this.updatedTimestamp = before.updatedTimestamp();
    this.state = before.state();
    this.aliases = before.aliases();
    this.pending = before.pending();
  }

  static NextCollection of(Collection before) {
    return new NextCollection(before);
  }

  NextCollection called(Database newDatabase, String name) {
    database = newDatabase.id();
    databaseName = newDatabase.name();
    schema = schema.called(name);
    return this;
  }

  /// @param timestamp of the change; clients that have the former schema are told to look anew
  NextCollection with(CollectionSchema newSchema, long timestamp) {
    schema = newSchema;
    updatedTimestamp = timestamp;
    return this;
  }

  NextCollection described(String description) {
    schema = schema.described(description);
    return this;
  }

  NextCollection with(ConsistencyLevel level) {
    consistency = level;
    return this;
  }

  NextCollection with(Map<String, String> newProperties) {
    properties = newProperties;
    return this;
  }

  NextCollection withPartition(Partition partition) {
    partitions = new ArrayList<>(partitions);
    partitions.add(partition);
    return this;
  }

  NextCollection withoutPartition(Partition partition) {
    partitions = partitions.stream().filter(p -> !p.id().equals(partition.id())).toList();
    return this;
  }

  NextCollection withAlias(String alias) {
    aliases = new ArrayList<>(aliases);
    aliases.add(alias);
    return this;
  }

  NextCollection withoutAlias(String alias) {
    aliases = aliases.stream().filter(a -> !a.equals(alias)).toList();
    return this;
  }

  NextCollection dropping() {
    state = CollectionState.DROPPING;
    ddlSequence++;
    return this;
  }

  /// With a control record to come.
  NextCollection pending(PendingDdl ddl) {
    pending = Optional.of(ddl);
    ddlSequence++;
    return this;
  }

  /// The control record is in all logs. A field that was to be added is part of the schema from now on, and what was
  /// restored is visible.
  NextCollection finished() {
    if (pending.isPresent() && pending.get().effect() instanceof FieldAdded added) {
      with(added.addedTo(schema), added.timestamp());
    }
    pending = Optional.empty();
    state = state == CollectionState.RESTORING ? CollectionState.ACTIVE : state;
    return this;
  }

  CatalogChange put() {
    return new CatalogChange.PutCollection(collection());
  }

  Collection collection() {
    return new Collection(
        before.id(),
        database,
        databaseName,
        schema,
        before.shardLogs(),
        partitions,
        consistency,
        properties,
        before.version() + 1,
        ddlSequence,
        before.createdTimestamp(),
        updatedTimestamp,
        state,
        aliases,
        pending);
  }
}
