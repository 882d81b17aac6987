package io.elanus.rootcoord;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.IndexDefinition;

/// One change of the catalog: one entry of the metastore written or removed.
sealed interface CatalogChange {
  record PutDatabase(Database database) implements CatalogChange {}

  record RemoveDatabase(DatabaseId id) implements CatalogChange {}

  record PutCollection(Collection collection) implements CatalogChange {}

  record RemoveCollection(CollectionId id) implements CatalogChange {}

  record PutIndex(IndexDefinition index) implements CatalogChange {}

  record RemoveIndex(IndexDefinition index) implements CatalogChange {}
}
