package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.SearchParams;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import io.elanus.segment.tail.Tail;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class VectorSearchTest {
  private static final Field VECTORS = EveryType.SCHEMA.requireField("float_vector");
  private static final int ROWS = 300;

  @Test
  void queriesThatRankMoreRowsOneAfterTheOtherTakeTheHeapOfOne() {
    Tail tail = new Tail(EveryType.SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(
        Samples.position(1),
        Samples.insert(Samples.header(1, 1), EveryType.rows(ROWS, new Random(11))),
        5000);
    try (ShardSnapshot snapshot =
        ShardSnapshot.of(EveryType.SCHEMA, List.of(), Elsewhere.NOTHING, tail.view(), 5000)) {
      long first = heapOf(snapshot, 2, ScoreRange.ALL) - heapOf(snapshot, 1, ScoreRange.ALL);

      long behind = heapOf(snapshot, 1, everything());
      long moreBehind = heapOf(snapshot, 2, everything());

      assertThat(behind).isGreaterThan(heapOf(snapshot, 1, ScoreRange.ALL));
      assertThat(moreBehind - behind).isEqualTo(first);
    }
  }

  /// Nearer than all rows are: a search has to rank all of them to know.
  private static ScoreRange everything() {
    return new ScoreRange(Optional.of(Float.MAX_VALUE), false, Optional.empty());
  }

  private static long heapOf(ShardSnapshot snapshot, int queries, ScoreRange range) {
    AtomicLong taken = new AtomicLong();
    float[] query = new float[VECTORS.dimension()];
    SearchRequest request =
        new SearchRequest(
            VECTORS.id(),
            Metric.L2,
            new Queries.Dense(Collections.nCopies(queries, query)),
            5,
            new SearchParams.Exact(),
            Expr.ALWAYS,
            Set.of(),
            range,
            false);
    snapshot.search(request, Cancellation.NEVER, taken::addAndGet);
    return taken.get();
  }
}
