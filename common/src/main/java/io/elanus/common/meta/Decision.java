package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.run.Outcome;
import java.util.List;

/// What a coordinator's rules answer to a command: nothing has happened yet.
///
/// @param answer given once the changes are committed
/// @param conditions must hold in the store beyond the coordinator's own guard; they are about what
///     others write. A decision that has some is committed alone.
/// @param onConflict given when one of them does not hold; nothing was changed then
public record Decision<X, A>(
    Outcome<A> answer, List<X> changes, List<Condition> conditions, Outcome<A> onConflict) {
  public Decision {
    changes = List.copyOf(changes);
    conditions = List.copyOf(conditions);
  }

  /// Nothing to change.
  public static <X, A> Decision<X, A> answer(A answer) {
    return change(answer, List.of());
  }

  public static <X, A> Decision<X, A> change(A answer, List<X> changes) {
    return new Decision<>(Outcome.done(answer), changes, List.of(), Outcome.done(answer));
  }

  public Decision<X, A> onlyIf(List<Condition> holding, Outcome<A> otherwise) {
    return new Decision<>(answer, changes, holding, otherwise);
  }

  static <X, A> Decision<X, A> refuse(RuntimeException error) {
    return new Decision<>(Outcome.failed(error), List.of(), List.of(), Outcome.failed(error));
  }
}
