package io.elanus.proxy.read;

/// Which page of an iterator a read is. The client says with the guarantee timestamp:
///
/// ```
///   iterator, guarantee 0, 1, 2     the first page; the answer names the session
///   iterator, guarantee above       a later page of that session
/// ```
sealed interface Page {
  /// The session of an iterator whose first page was not full: it had all rows there were, so nothing was pinned
  /// and later pages are empty. No timestamp is as small.
  long ENDED = 3;

  /// No iterator.
  record None() implements Page {}

  record First() implements Page {}

  record Later(long mark) implements Page {}

  /// What is left after a first page that was not full: nothing.
  record End() implements Page {}

  /// A client that skips an iterator's offset says that it does not iterate, and yet names the session.
  ///
  /// @param guarantee of the request; one among its parameters counts instead
  static Page of(ReadParams params, long guarantee) {
    if (params.text("iterator").isEmpty()) {
      return new None();
    }
    long session = params.number("guarantee_timestamp").orElse(guarantee);
    if (session == ENDED) {
      return new End();
    }
    if (Long.compareUnsigned(session, ENDED) > 0) {
      return new Later(session);
    }
    return params.flag("iterator") ? new First() : new None();
  }
}
