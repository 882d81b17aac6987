package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.SegmentId;
import java.util.Optional;
import java.util.Set;

/// Nobody answered for some segments.
final class Unanswered extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Set<SegmentId> segments;

  Unanswered(Set<SegmentId> segments, Optional<DbException> cause) {
    super("segments %s".formatted(segments), cause.orElse(null), false, false);
    this.segments = segments;
  }

  Set<SegmentId> segments() {
    return segments;
  }

  /// Somebody had them, and took too long: there is no time to ask again.
  boolean isStalled() {
    return getCause() instanceof DbException e && e.code() == ErrorCode.TIMEOUT;
  }

  DbException error() {
    Throwable cause = getCause();
    String why = cause == null ? "no node holds them" : cause.getMessage();
    return new DbException(
        ErrorCode.SEGMENT_NOT_LOADED,
        "segments %s cannot be read now: %s".formatted(segments, why),
        this);
  }
}
