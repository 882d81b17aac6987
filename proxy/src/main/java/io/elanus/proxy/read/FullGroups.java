package io.elanus.proxy.read;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.topk.GroupedHits;
import io.elanus.proto.internal.Grouping;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.rpc.codec.FieldDataCodec;
import io.elanus.rpc.codec.GroupRankings;
import io.elanus.rpc.codec.HitRankings.RowHit;
import java.util.ArrayList;
import java.util.List;

/// A search for groups that are to be full asks twice. Which groups are the nearest no shard knows alone, and one that has other groups
/// nearer would leave out rows of those. So all are asked for the nearest groups first, and for the rows of these then.
final class FullGroups {
  private FullGroups() {}

  /// What shards are asked first.
  static SearchShardRequest nearest(SearchShardRequest request) {
    return request.toBuilder()
        .setGrouping(request.getGrouping().toBuilder().setSize(1))
        .clearOutputFieldIds()
        .addAllOutputFieldIds(request.getGrouping().getFieldIdsList())
        .build();
  }

  /// What they are asked then: the groups of the page.
  ///
  /// @param nearest what they answered, to that request
  /// @param keys of the rows of all answers
  static SearchShardRequest rows(
      SearchPlan plan,
      GroupParams groups,
      SearchShardRequest first,
      List<SearchShardResponse> nearest,
      KeyColumn keys) {
    Grouping.Builder grouping = groups.encode().toBuilder();
    List<Integer> rows = new ArrayList<>();
    for (GroupedHits<RowHit> found :
        GroupRankings.merge(nearest, keys, groups.fields(), plan.metric(), first)) {
      List<RowHit> hits = found.ofAll().stream().skip(plan.offset()).toList();
      hits.forEach(hit -> rows.add(hit.row()));
      grouping.addWantedCounts(hits.size());
    }
    int[] wanted = rows.stream().mapToInt(Integer::intValue).toArray();
    groups
        .fields()
        .forEach(field -> {
          Column column = GroupRankings.column(field, nearest, first).select(wanted);
          grouping.addWanted(FieldDataCodec.encode(field, column));
        });
    return first.toBuilder()
        .setGrouping(grouping)
        .clearOutputFieldIds()
        .addAllOutputFieldIds(plan.request().getOutputFieldIdsList())
        .build();
  }
}
