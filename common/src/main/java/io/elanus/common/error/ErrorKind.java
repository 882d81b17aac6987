package io.elanus.common.error;

/// What the caller should do next; fixed where the error is thrown, never re-labelled on the way.
public enum ErrorKind {
  /// The request is wrong and will stay wrong: mend it.
  BAD_REQUEST,
  /// Something the request needs is not there yet: retry later.
  NOT_READY,
  /// A limit is reached: retry with less, or later.
  OVERLOADED,
  /// Another writer won, or the answering process lost its role: retry, it goes elsewhere.
  LOST_RACE,
  /// It may or may not have happened: read before writing again.
  UNKNOWN_OUTCOME,
  /// Stored bytes are not what was written: a person must act.
  CORRUPT,
  /// The caller gave up, by deadline or by cancelling.
  CANCELED,
  /// The caller may not do this.
  DENIED,
  /// A defect of the server.
  BUG
}
