package io.elanus.proxy.read;

import io.elanus.common.model.Collection;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.Freshness.Level;
import java.time.Duration;

/// How fresh a read must be. The level decides; where it leaves it open, the guarantee timestamp does:
///
/// ```
///   0 strong    1 eventually    2 bounded    above: a moment the client has seen, served as strong
/// ```
final class Consistency {
  private static final long NO_GUARANTEE = 0;
  private static final long EVENTUALLY = 1;
  private static final long BOUNDED = 2;

  private Consistency() {}

  /// @param useDefault whether the collection's own level counts instead of `level`
  static Freshness freshness(
      Collection collection, boolean useDefault, int level, long guarantee, Duration bound) {
    ConsistencyLevel chosen =
        useDefault ? collection.consistency() : ConsistencyLevel.ofNumber(level);
    Level freshness =
        switch (chosen) {
          case BOUNDED -> Level.BOUNDED;
          case EVENTUALLY -> Level.EVENTUALLY;
          case SESSION -> guarantee == NO_GUARANTEE ? Level.EVENTUALLY : byGuarantee(guarantee);
          case STRONG -> useDefault ? Level.STRONG : byGuarantee(guarantee);
          case CUSTOMIZED -> byGuarantee(guarantee);
        };
    return Freshness.newBuilder()
        .setLevel(freshness)
        .setBoundMillis(freshness == Level.BOUNDED ? bound.toMillis() : 0)
        .build();
  }

  private static Level byGuarantee(long guarantee) {
    if (guarantee == EVENTUALLY) {
      return Level.EVENTUALLY;
    }
    return guarantee == BOUNDED ? Level.BOUNDED : Level.STRONG;
  }
}
