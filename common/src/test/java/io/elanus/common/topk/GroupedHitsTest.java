package io.elanus.common.topk;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.topk.Grouping.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupedHitsTest {
  private record TestHit(Key key, float score) implements Hit {}

  private static Group group(int number) {
    return new Group(List.of(number == 0 ? Optional.empty() : Optional.of(new IntLiteral(number))));
  }

  private static GroupedHits.Of<TestHit> hit(long key, float score, int group) {
    return new GroupedHits.Of<>(new TestHit(Key.of(key), score), group(group));
  }

  /// Of L2: keys ascend with scores.
  private static String found(Grouping grouping, List<GroupedHits.Of<TestHit>> hits) {
    GroupedHits<TestHit> best = GroupedHits.best(hits, Metric.L2, grouping);
    String text =
        best.hits().stream()
            .map(of -> "%s%s".formatted("nabc".charAt(number(of.group())), of.hit().score()))
            .collect(Collectors.joining(" "));
    return text + (best.complete() ? "" : " ...");
  }

  private static int number(Group group) {
    return group.values().getFirst().map(value -> (int) ((IntLiteral) value).value()).orElse(0);
  }

  private static final List<GroupedHits.Of<TestHit>> HITS =
      List.of(
          hit(9, 9, 3),
          hit(1, 1, 1),
          hit(2, 2, 1),
          hit(3, 3, 2),
          hit(4, 4, 1),
          hit(5, 5, 0),
          hit(6, 6, 2),
          hit(7, 7, 0),
          hit(8, 8, 3));

  @Test
  void aGroupIsAsNearAsItsNearestRow() {
    assertThat(found(new Grouping(3, 2, Extent.NEARER_THAN_LAST), HITS))
        .isEqualTo("a1.0 a2.0 b3.0 n5.0");
    assertThat(found(new Grouping(3, 2, Extent.FULL), HITS))
        .isEqualTo("a1.0 a2.0 b3.0 n5.0 b6.0 n7.0");
    assertThat(found(new Grouping(2, 5, Extent.FULL), HITS))
        .isEqualTo("a1.0 a2.0 b3.0 a4.0 b6.0 ...");
    assertThat(found(new Grouping(5, 1, Extent.NEARER_THAN_LAST), HITS))
        .isEqualTo("a1.0 b3.0 n5.0 c8.0 ...");
    assertThat(found(new Grouping(1, 1, Extent.FULL), List.of())).isEqualTo(" ...");
  }

  @Test
  void aKeyIsFoundOnceInAGroup() {
    List<GroupedHits.Of<TestHit>> hits =
        List.of(hit(1, 1, 1), hit(1, 2, 1), hit(1, 3, 2), hit(2, 4, 1));

    assertThat(found(new Grouping(2, 2, Extent.FULL), hits)).isEqualTo("a1.0 b3.0 a4.0 ...");
  }

  @Test
  void theHitsOfAGroupComeTogether() {
    var best = GroupedHits.best(HITS, Metric.L2, new Grouping(3, 2, Extent.FULL));

    assertThat(best.byGroup().values().stream().flatMap(List::stream).map(TestHit::score))
        .containsExactly(1f, 2f, 3f, 6f, 5f, 7f);
    assertThat(best.worst()).isEqualTo(7);
  }

  @Test
  void whatColumnsHaveTogetherIsAGroup() {
    Column texts = new VarCharColumn(new String[] {"a", "b"});
    Column nullable =
        new NullableColumn(new Int32Column(new int[] {7}), new boolean[] {false, true});
    Column flags = new BoolColumn(new boolean[] {true, false});

    assertThat(Group.of(List.of(texts, nullable, flags)))
        .containsExactly(
            new Group(
                List.of(
                    Optional.of(new TextLiteral("a")),
                    Optional.empty(),
                    Optional.of(new BoolLiteral(true)))),
            new Group(
                List.of(
                    Optional.of(new TextLiteral("b")),
                    Optional.of(new IntLiteral(7)),
                    Optional.of(new BoolLiteral(false)))));
  }

  static IntStream seeds() {
    return IntStream.range(0, 500);
  }

  /// However the rows are spread, equal keys and equal scores among them.
  @ParameterizedTest
  @MethodSource("seeds")
  void theBestOfThePartsIsTheBestOfAll(int seed) {
    Random random = new Random(seed);
    int groups = random.nextInt(1, 12);
    List<GroupedHits.Of<TestHit>> all = new ArrayList<>();
    for (int i = random.nextInt(80); i > 0; i--) {
      all.add(hit(random.nextInt(60), random.nextInt(20), random.nextInt(groups)));
    }
    Grouping nearest =
        new Grouping(random.nextInt(1, 8), random.nextInt(1, 4), Extent.NEARER_THAN_LAST);
    Set<Group> wanted =
        random
            .ints(random.nextInt(1, 5), 0, groups)
            .mapToObj(GroupedHitsTest::group)
            .collect(Collectors.toSet());
    List<GroupedHits.Of<TestHit>> ofWanted =
        all.stream().filter(of -> wanted.contains(of.group())).toList();
    Grouping full = new Grouping(wanted.size(), random.nextInt(1, 4), Extent.FULL);

    for (Metric metric : List.of(Metric.L2, Metric.IP)) {
      assertThat(ofParts(all, metric, nearest, new Random(seed)))
          .isEqualTo(GroupedHits.best(all, metric, nearest));
      assertThat(ofParts(ofWanted, metric, full, new Random(seed)))
          .isEqualTo(GroupedHits.best(ofWanted, metric, full));
    }
  }

  private static GroupedHits<TestHit> ofParts(
      List<GroupedHits.Of<TestHit>> all, Metric metric, Grouping grouping, Random random) {
    int parts = random.nextInt(1, 6);
    List<GroupedHits.Of<TestHit>> answers = new ArrayList<>();
    List<List<GroupedHits.Of<TestHit>>> spread = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      spread.add(new ArrayList<>());
    }
    all.forEach(of -> spread.get(random.nextInt(parts)).add(of));
    spread.forEach(part -> answers.addAll(GroupedHits.best(part, metric, grouping).hits()));
    return GroupedHits.best(answers, metric, grouping);
  }
}
