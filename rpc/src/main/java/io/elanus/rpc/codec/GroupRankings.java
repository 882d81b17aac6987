package io.elanus.rpc.codec;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.common.topk.Group;
import io.elanus.common.topk.GroupedHits;
import io.elanus.common.topk.Grouping.Extent;
import io.elanus.proto.internal.Grouping;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.rpc.codec.HitRankings.RowHit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The groups in a search for groups, and in the answers to it.
public final class GroupRankings {
  private GroupRankings() {}

  /// The best of what several answers have, by query.
  ///
  /// @param keys of the rows of all answers, answer after answer
  /// @param fields whose values make the groups, as `request` has them
  public static List<GroupedHits<RowHit>> merge(
      List<SearchShardResponse> answers,
      KeyColumn keys,
      List<Field> fields,
      Metric metric,
      SearchShardRequest request) {
    List<Group> groups =
        Group.of(fields.stream().map(field -> column(field, answers, request)).toList());
    List<GroupedHits<RowHit>> merged = new ArrayList<>();
    for (var ofQuery : HitRankings.of(answers, keys, request)) {
      List<GroupedHits.Of<RowHit>> hits =
          ofQuery.stream()
              .flatMap(ranking -> ranking.hits().stream())
              .map(hit -> new GroupedHits.Of<>(hit, groups.get(hit.row())))
              .toList();
      merged.add(GroupedHits.best(hits, metric, grouping(request, merged.size())));
    }
    return merged;
  }

  /// The values of one of the fields of the groups, of the rows of all answers.
  public static Column column(
      Field field, List<SearchShardResponse> answers, SearchShardRequest request) {
    int at = request.getOutputFieldIdsList().indexOf(field.id());
    return Columns.concat(
        answers.stream()
            .map(answer -> FieldDataCodec.decode(field, answer.getColumns(at)))
            .toList());
  }

  private static io.elanus.common.topk.Grouping grouping(SearchShardRequest request, int query) {
    Grouping grouping = request.getGrouping();
    return grouping.getWantedCountsCount() == 0
        ? new io.elanus.common.topk.Grouping(
            request.getLimit(), grouping.getSize(), Extent.NEARER_THAN_LAST)
        : new io.elanus.common.topk.Grouping(
            Math.max(1, grouping.getWantedCounts(query)), grouping.getSize(), Extent.FULL);
  }

  /// The groups that are wanted of each query; empty for the nearest.
  ///
  /// @param fields whose values make the groups
  public static List<Set<Group>> wanted(List<Field> fields, Grouping grouping) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < grouping.getWantedCount(); i++) {
      columns.add(FieldDataCodec.decode(fields.get(i), grouping.getWanted(i)));
    }
    List<Group> groups = columns.isEmpty() ? List.of() : Group.of(columns);
    List<Set<Group>> wanted = new ArrayList<>();
    int from = 0;
    for (int count : grouping.getWantedCountsList()) {
      wanted.add(new HashSet<>(groups.subList(from, from + count)));
      from += count;
    }
    return wanted;
  }
}
