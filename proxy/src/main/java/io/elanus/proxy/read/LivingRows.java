package io.elanus.proxy.read;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.TtlField;
import io.elanus.common.model.Collection;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.run.Run;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Whoever reads a collection whose rows say until when they live sees those that still do.
public final class LivingRows {
  private LivingRows() {}

  /// `filter`, of rows that live on after this instant.
  public static Expr of(Collection collection, Expr filter, Run run) {
    return of(collection, filter, run.wallMillis());
  }

  /// `filter`, of rows that live on after this instant; on later pages of an iterator after that of its mark, as of which all else is
  /// read, too.
  static Expr of(Collection collection, Expr filter, Page page, Run run) {
    return page instanceof Page.Later(long mark)
        ? of(collection, filter, HybridTimestamp.millis(mark))
        : of(collection, filter, run);
  }

  private static Expr of(Collection collection, Expr filter, long millis) {
    Optional<TtlField> ttl = TtlField.of(collection);
    if (ttl.isEmpty() || filter.equals(Expr.NEVER)) {
      return filter;
    }
    Expr living = ttl.get().livesAt(TimeUnit.MILLISECONDS.toMicros(millis));
    return filter.equals(Expr.ALWAYS) ? living : new Expr.And(List.of(filter, living));
  }
}
