package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import java.util.List;

/// One commit on its way to the store, with values of its own.
record MetaCommit(String requestId, List<Condition> conditions, List<Change> changes) {
  MetaCommit {
    conditions = List.copyOf(conditions);
    changes = List.copyOf(changes);
  }

  static MetaCommit of(String requestId, List<Condition> conditions, List<Change> changes) {
    return new MetaCommit(requestId, conditions, changes.stream().map(MetaCommit::copy).toList());
  }

  private static Change copy(Change change) {
    return switch (change) {
      case Change.Put put -> new Change.Put(put.key(), put.value().clone());
      case Change.PutLeased put ->
          new Change.PutLeased(put.key(), put.value().clone(), put.lease());
      case Change.Remove remove -> remove;
    };
  }
}
