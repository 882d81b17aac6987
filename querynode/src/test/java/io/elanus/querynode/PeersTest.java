package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SegmentsRead;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads of shards whose segments lie on several nodes, while everything moves.
class PeersTest {
  private static final int SEEDS = 40;

  /// A planted bug is caught much earlier.
  private static final int MAX_SEEDS = 100;

  @TempDir Path folder;
  private int runs;

  @Test
  void nodesTogetherAnswerAsTheLogSays() {
    Map<String, Integer> calls = new TreeMap<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      run(seed, UnaryOperator.identity(), calls);
    }

    assertThat(calls.get("searchSegments")).as("searches by holders").isGreaterThan(SEEDS);
    assertThat(calls.get("querySegments")).as("queries by holders").isGreaterThan(SEEDS);
    assertThat(calls.get("prepareSegments")).as("segments handed over").isGreaterThan(SEEDS);
    assertThat(calls.get("past reads")).as("reads as of a mark").isGreaterThan(SEEDS);
    assertThat(calls.get("ranged reads")).as("segments read in parts").isGreaterThan(SEEDS);
  }

  @Test
  void aSeedTakesTheSameWayAgain() {
    Map<String, Integer> first = new TreeMap<>();
    Map<String, Integer> second = new TreeMap<>();

    run(3, UnaryOperator.identity(), first);
    run(3, UnaryOperator.identity(), second);

    assertThat(first).isEqualTo(second).isNotEmpty();
  }

  @Test
  void aPeerThatIgnoresTheVersionIsCaught() {
    assertCaught(read ->
        read.toBuilder()
            .setVersion(read.getDeletesAfter())
            .setDeletesThrough(read.getDeletesAfter())
            .setDeletes(ByteString.EMPTY)
            .build());
  }

  @Test
  void aPeerThatForgetsTheDeletesItIsToldIsCaught() {
    assertCaught(read -> read.toBuilder().setDeletes(ByteString.EMPTY).build());
  }

  @Test
  void aPeerThatTakesDeletesAcrossAGapIsCaught() {
    assertCaught(read -> read.toBuilder().setDeletesAfter(0).build());
  }

  @Test
  void aPeerThatLeavesASegmentOutIsCaught() {
    assertCaught(read ->
        read.toBuilder()
            .clearSegmentIds()
            .addAllSegmentIds(read.getSegmentIdsList().subList(0, read.getSegmentIdsCount() - 1))
            .build());
  }

  /// The checks can fail: `bug` is met by holders of segments, and shows in an answer.
  private void assertCaught(UnaryOperator<SegmentsRead> bug) {
    for (long seed = 0; seed < MAX_SEEDS; seed++) {
      try {
        run(seed, planted(bug), new TreeMap<>());
      } catch (AssertionError e) {
        if (isWrongAnswer(e)) {
          return;
        }
        throw e;
      }
    }
    fail("not caught by %d seeds", MAX_SEEDS);
  }

  private static boolean isWrongAnswer(Throwable e) {
    boolean here =
        String.valueOf(e.getMessage()).matches("(?s).*\\[(rows|hits|hit \\d+) at \\d+\\].*");
    return here || (e.getCause() != null && isWrongAnswer(e.getCause()));
  }

  private static UnaryOperator<Object> planted(UnaryOperator<SegmentsRead> bug) {
    return request ->
        switch (request) {
          case SearchSegmentsRequest search ->
              search.toBuilder().setRead(bug.apply(search.getRead())).build();
          case QuerySegmentsRequest query ->
              query.toBuilder().setRead(bug.apply(query.getRead())).build();
          default -> request;
        };
  }

  private void run(long seed, UnaryOperator<Object> planted, Map<String, Integer> calls) {
    Path own = folder.resolve("run-" + runs++);
    own.toFile().mkdirs();
    try {
      ServingWorld.run(
          seed,
          own,
          1 + (int) (seed % 2),
          world -> {
            world.planted = planted;
            new Turmoil(world).go();
            calls.merge("ranged reads", world.rangedReads, Integer::sum);
            calls.merge("past reads", world.pastReads, Integer::sum);
            world.calls.forEach((method, count) -> calls.merge(method, count, Integer::sum));
          });
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
