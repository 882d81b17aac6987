package io.elanus.common.topk;

import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The hits of a search for groups, in the order of [TopK#order], those of one key in that of their groups.
///
/// A key is found once in a group: of several rows with one key and the same values the best. With different values they are in
/// different groups.
///
/// @param complete whether farther hits would change nothing
public record GroupedHits<H extends Hit>(List<Of<H>> hits, boolean complete) {
  /// A hit and its group.
  public record Of<H extends Hit>(H hit, Group group) {}

  private record Found(Key key, int place) {}

  public GroupedHits {
    hits = List.copyOf(hits);
  }

  /// The answer among hits in any order. That of the answers of several parts is the answer of all that they have: see
  /// docs/decisions/0146-grouping.md.
  public static <H extends Hit> GroupedHits<H> best(
      List<Of<H>> hits, Metric metric, Grouping grouping) {
    List<Of<H>> sorted = new ArrayList<>(hits);
    sorted.sort(
        Comparator.<Of<H>, Hit>comparing(Of::hit, TopK.order(metric)).thenComparing(Of::group));
    List<Of<H>> best = new ArrayList<>();
    Map<Group, Set<Found>> members = new HashMap<>();
    int full = 0;
    for (Of<H> next : sorted) {
      if (isComplete(grouping, members.size(), full)) {
        break;
      }
      if (members.size() == grouping.groups() && !members.containsKey(next.group)) {
        continue;
      }
      Set<Found> others = members.computeIfAbsent(next.group, _ -> new HashSet<>());
      Found found = new Found(next.hit.key(), next.hit.place());
      if (others.size() < grouping.size() && others.add(found)) {
        best.add(next);
        full += others.size() == grouping.size() ? 1 : 0;
      }
    }
    return new GroupedHits<>(best, isComplete(grouping, members.size(), full));
  }

  private static boolean isComplete(Grouping grouping, int groups, int full) {
    return switch (grouping.extent()) {
      case NEARER_THAN_LAST -> groups == grouping.groups();
      case FULL -> full == grouping.groups();
    };
  }

  /// What is not worse than this may change it; not a number when anything may.
  public float worst() {
    return complete ? hits.getLast().hit.score() : Float.NaN;
  }

  /// Without their groups.
  public List<H> ofAll() {
    return hits.stream().map(Of::hit).toList();
  }

  /// The hits of each group, the nearest group first.
  public Map<Group, List<H>> byGroup() {
    Map<Group, List<H>> groups = new LinkedHashMap<>();
    hits.forEach(of -> groups.computeIfAbsent(of.group, _ -> new ArrayList<>()).add(of.hit));
    return groups;
  }
}
