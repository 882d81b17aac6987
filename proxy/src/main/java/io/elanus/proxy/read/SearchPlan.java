package io.elanus.proxy.read;

import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proxy.value.TimeForm;
import java.util.Optional;

/// A search as it is sent to every shard, and what is done with the answers.
///
/// @param request lacks its shard only
/// @param roundDecimal digits of a score behind the point; -1 for all
/// @param page, batch of an iterator; `batch` of one of the second kind only
/// @param withPlaces whether hits are vectors in lists, whose places are told
/// @param groups empty when rows are searched; else `offset` and `topk` are of groups
record SearchPlan(
    SearchShardRequest request,
    Field primaryKey,
    Metric metric,
    OutputFields output,
    int offset,
    int topk,
    int roundDecimal,
    Page page,
    Optional<NextBatch> batch,
    TimeForm times,
    boolean withPlaces,
    Optional<GroupParams> groups) {}
