package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// What became of one piece of work that was done on behalf of a waiting caller.
public sealed interface Outcome<A> {
  record Done<A>(A answer) implements Outcome<A> {}

  record Failed<A>(DbException error) implements Outcome<A> {}

  static <A> Outcome<A> done(A answer) {
    return new Done<>(answer);
  }

  /// An error that is not a [DbException] becomes `UNEXPECTED`, with itself as cause.
  static <A> Outcome<A> failed(Throwable error) {
    return new Failed<>(
        error instanceof DbException e
            ? e
            : new DbException(ErrorCode.UNEXPECTED, "unexpected error: " + error, error));
  }

  /// The answer, or the error as a new exception with this thread's stack: the same failure may be
  /// handed to many callers.
  default A orThrow() {
    return switch (this) {
      case Done<A> done -> done.answer();
      case Failed<A>(DbException e) -> throw new DbException(e.code(), e.text(), e);
    };
  }
}
