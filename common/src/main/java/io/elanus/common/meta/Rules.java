package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.Change;
import java.util.List;

/// The rules of a coordinator: pure functions over its immutable state.
///
/// @param <S> state
/// @param <C> command
/// @param <X> change
/// @param <A> answer
public interface Rules<S, C, X, A> {
  /// What the command means in this state.
  ///
  /// @throws io.elanus.common.error.DbException for a user's mistake
  Decision<X, A> decide(S state, C command);

  /// The state after the changes, in their order. Total.
  S apply(S state, List<X> changes);

  /// What the change writes.
  Change write(X change);
}
