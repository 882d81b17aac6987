package io.elanus.rootcoord;

import io.elanus.common.model.Collection;
import io.elanus.common.model.Database;
import io.elanus.common.model.IndexDefinition;

/// What became of a [CatalogCommand].
sealed interface CatalogAnswer {
  /// There is nothing (left) to do.
  record Done() implements CatalogAnswer {}

  record DatabaseIs(Database database) implements CatalogAnswer {}

  record CollectionIs(Collection collection) implements CatalogAnswer {}

  record IndexIs(IndexDefinition index) implements CatalogAnswer {}

  /// The collection of that name is being dropped: wait until it is gone.
  record Dropping(Collection collection) implements CatalogAnswer {}
}
