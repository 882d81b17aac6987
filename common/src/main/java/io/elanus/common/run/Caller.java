package io.elanus.common.run;

/// One caller that waits for the answer to its argument. Not a record: two callers with equal
/// arguments are two callers.
final class Caller<A, R> {
  final A argument;
  final Promise<R> promise;

  Caller(A argument, Promise<R> promise) {
    this.argument = argument;
    this.promise = promise;
  }
}
