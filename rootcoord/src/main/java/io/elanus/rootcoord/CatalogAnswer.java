package io.elanus.rootcoord;

import io.elanus.common.model.Collection;
import io.elanus.common.model.Database;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.Partition;
import java.util.Optional;

/// What became of a [CatalogCommand].
sealed interface CatalogAnswer {
  /// There is nothing (left) to do.
  record Done() implements CatalogAnswer {}

  record DatabaseIs(Database database) implements CatalogAnswer {}

  record CollectionIs(Collection collection) implements CatalogAnswer {}

  record IndexIs(IndexDefinition index) implements CatalogAnswer {}

  record PartitionIs(Partition partition) implements CatalogAnswer {}

  /// It takes effect once the control record of the collection is in all its logs: wait until then.
  record Begun(Collection collection) implements CatalogAnswer {}

  /// A change of this collection is in the way: wait until it is finished, and ask again.
  record Busy(Collection collection) implements CatalogAnswer {}

  /// A load has changed since it was looked at: look at it and ask again.
  record LoadMoved() implements CatalogAnswer {}

  /// What names is gone, once nobody holds it any more.
  static CatalogAnswer doneUnless(Optional<Collection> holding) {
    return holding.<CatalogAnswer>map(Busy::new).orElseGet(Done::new);
  }
}
