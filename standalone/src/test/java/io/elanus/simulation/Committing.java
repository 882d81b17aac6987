package io.elanus.simulation;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import java.util.List;
import java.util.function.UnaryOperator;

/// A way to the metastore whose commits are changed.
final class Committing extends ThroughMeta {
  private final UnaryOperator<List<Condition>> conditions;
  private final UnaryOperator<Change> changes;

  Committing(
      MetaStore meta, UnaryOperator<List<Condition>> conditions, UnaryOperator<Change> changes) {
    super(meta);
    this.conditions = conditions;
    this.changes = changes;
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> given, List<Change> made) {
    return super.commit(requestId, conditions.apply(given), made.stream().map(changes).toList());
  }
}
