package io.elanus.segment.shard;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.KeyLookup;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.filter.FilterEvaluator;
import java.util.Optional;

/// The filter of one request, looked at once for all parts. When it names keys, a block in the
/// order of its keys looks these up and evaluates the rest for their rows only.
record Condition(Expr filter, Optional<KeyLookup> lookup) {
  static Condition of(Expr filter, Field primaryKey) {
    return new Condition(filter, KeyLookup.of(filter, primaryKey));
  }

  /// The rows of `visible` that match; maybe `visible` itself.
  long[] matching(RowBlock block, long[] visible) {
    return lookup.isPresent() && block.sortedByKey()
        ? evaluate(lookup.get().rest(), block, named(lookup.get(), block, visible))
        : evaluate(filter, block, visible);
  }

  private static long[] evaluate(Expr filter, RowBlock block, long[] rows) {
    return filter.equals(Expr.ALWAYS) ? rows : FilterEvaluator.matching(filter, block, rows);
  }

  private static long[] named(KeyLookup lookup, RowBlock block, long[] visible) {
    KeyView keys = block.keys();
    long[] rows = RowBits.none(block.rowCount());
    for (Key key : lookup.keys()) {
      RowBits.addRange(rows, keys.lowerBound(key), keys.upperBound(key));
    }
    RowBits.retain(rows, visible);
    return rows;
  }
}
