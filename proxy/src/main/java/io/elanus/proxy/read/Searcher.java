package io.elanus.proxy.read;

import io.elanus.common.model.Collection;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.topk.Ranking;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResultData;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.read.Sessions.Fill;
import io.elanus.proxy.read.Sessions.Paged;
import io.elanus.proxy.value.ClientValues;
import io.elanus.rpc.codec.FieldDataCodec;
import io.elanus.rpc.codec.GroupRankings;
import io.elanus.rpc.codec.HitRankings;
import io.elanus.rpc.codec.HitRankings.RowHit;
import io.elanus.rpc.codec.KeysCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Searches: every shard is asked for its best rows, the best of all are kept.
public final class Searcher {
  private final Run run;
  private final ShardCalls shards;
  private final Loads loads;
  private final KeyVectors keyVectors;
  private final Sessions sessions;
  private final Duration bound;

  /// @param bound how old an answer of the level Bounded may be
  public Searcher(
      Run run,
      ShardCalls shards,
      Loads loads,
      KeyVectors keyVectors,
      Sessions sessions,
      Duration bound) {
    this.run = run;
    this.shards = shards;
    this.loads = loads;
    this.keyVectors = keyVectors;
    this.sessions = sessions;
    this.bound = bound;
  }

  /// @param session 0 when it was no iterator's page
  public record Found(SearchResultData results, long session) {}

  public Found search(CollectionView view, SearchRequest request, Deadline deadline) {
    LoadedPart part = LoadedPart.of(loads, view.collection(), request.getPartitionNamesList());
    SearchPlanner planner = new SearchPlanner(view, part, request);
    QueryVectors vectors =
        request.hasIds()
            ? keyVectors.find(view.collection(), planner.field(), request.getIds(), deadline)
            : QueryVectors.decode(
                planner.queried(), request.getPlaceholderGroup(), request.getNq());
    SearchPlan plan = planner.plan(vectors, bound, run);
    Paged<SearchResultData> paged =
        sessions.read(
            view.collection(),
            plan.page(),
            moment -> {
              Asked asked = ask(plan, view.collection(), moment, deadline);
              return new Merge(plan, asked, freshToken()).result();
            },
            found -> fill(plan, found));
    return new Found(paged.answer(), paged.session());
  }

  /// What shards answered.
  private record Asked(SearchShardRequest request, List<SearchShardResponse> answers) {
    KeyColumn keys(SearchPlan plan) {
      return (KeyColumn)
          Columns.concat(
              answers.stream()
                  .map(answer -> KeysCodec.decode(plan.primaryKey(), answer.getKeys()))
                  .toList());
    }
  }

  private Asked ask(SearchPlan plan, Collection collection, Moment moment, Deadline deadline) {
    SearchShardRequest request = moment.of(plan.request()).build();
    Optional<GroupParams> full = plan.groups().filter(GroupParams::isFull);
    if (full.isPresent()) {
      SearchShardRequest first = FullGroups.nearest(request);
      Asked nearest = new Asked(first, ask(collection, first, deadline));
      request = FullGroups.rows(plan, full.get(), first, nearest.answers(), nearest.keys(plan));
    }
    return new Asked(request, ask(collection, request, deadline));
  }

  private List<SearchShardResponse> ask(
      Collection collection, SearchShardRequest request, Deadline deadline) {
    List<SearchShardResponse> answers =
        shards.all(
            collection,
            deadline,
            (node, shard, cold) ->
                node.search(request.toBuilder().setShard(shard.index()).setCold(cold).build()));
    ReadLimits.checkBytes(answers);
    return answers;
  }

  /// Later pages of an iterator of the first kind look at a ring each: that one has no rows says nothing.
  private static Fill fill(SearchPlan plan, SearchResultData found) {
    boolean ring = plan.page() instanceof Page.Later && plan.batch().isEmpty();
    return ring ? Fill.SOME : Fill.of(found.getScoresCount(), plan.topk());
  }

  private UUID freshToken() {
    return new UUID(run.random().nextLong(), run.random().nextLong());
  }

  /// One search's answers on their way to one.
  private static final class Merge {
    private final SearchPlan plan;
    private final Asked asked;
    private final UUID freshToken;
    private final KeyColumn keys;

    Merge(SearchPlan plan, Asked asked, UUID freshToken) {
      this.freshToken = freshToken;
      this.plan = plan;
      this.asked = asked;
      this.keys = asked.keys(plan);
    }

    SearchResultData result() {
      SearchResultData.Builder result =
          SearchResultData.newBuilder()
              .setNumQueries(asked.request().getVectorCount())
              .setTopK(plan.topk())
              .setPrimaryFieldName(plan.primaryKey().name())
              .addAllOutputFields(plan.output().names());
      List<RowHit> page = new ArrayList<>();
      for (List<RowHit> hits : plan.groups().map(this::pagesOfGroups).orElseGet(this::pages)) {
        page.addAll(hits);
        result.addTopks(hits.size());
      }
      plan.batch()
          .map(batch -> batch.next(freshToken, plan.metric(), lastScore(page)))
          .ifPresent(result::setSearchIteratorV2Results);
      page.forEach(hit -> result.addScores(round(hit.score())));
      if (plan.withPlaces()) {
        LongArray.Builder places = LongArray.newBuilder();
        page.forEach(hit -> places.addData(hit.place()));
        result.setElementIndices(places);
      }
      int[] rows = page.stream().mapToInt(RowHit::row).toArray();
      plan.groups().ifPresent(groups -> addGroups(result, groups, rows));
      return result
          .setIds(KeysCodec.encode(keys.select(rows)))
          .addAllFieldsData(
              FieldsData.select(
                  plan.output(),
                  plan.times(),
                  keys,
                  asked.answers().stream().map(SearchShardResponse::getColumnsList).toList(),
                  rows))
          .build();
    }

    /// By query.
    private List<List<RowHit>> pages() {
      return HitRankings.of(asked.answers(), keys, asked.request()).stream()
          .map(this::page)
          .toList();
    }

    private List<RowHit> page(List<Ranking<RowHit>> shardRankings) {
      List<RowHit> best = HitRankings.merge(shardRankings, plan.metric(), plan.request());
      if (plan.batch().isPresent()) {
        ReadLimits.checkTies(best.size());
      }
      return best.subList(Math.min(plan.offset(), best.size()), best.size());
    }

    /// By query, group after group. Of full groups only those of the page were asked for.
    private List<List<RowHit>> pagesOfGroups(GroupParams groups) {
      int offset = groups.isFull() ? 0 : plan.offset();
      return GroupRankings.merge(
              asked.answers(), keys, groups.fields(), plan.metric(), asked.request())
          .stream()
          .map(hits -> hits.byGroup().values().stream().skip(offset).flatMap(List::stream).toList())
          .toList();
    }

    private void addGroups(SearchResultData.Builder result, GroupParams groups, int[] rows) {
      List<FieldData> values =
          groups.fields().stream()
              .map(field -> {
                Column all = GroupRankings.column(field, asked.answers(), asked.request());
                FieldData data = FieldDataCodec.encode(field, all.select(rows));
                return ClientValues.returned(field, data, plan.times());
              })
              .toList();
      if (groups.listed()) {
        result.addAllGroupByFieldValues(values);
      } else {
        result.setGroupByFieldValue(values.getFirst());
      }
    }

    private static Optional<Float> lastScore(List<RowHit> page) {
      return page.isEmpty() ? Optional.empty() : Optional.of(page.getLast().score());
    }

    private float round(float score) {
      if (plan.roundDecimal() < 0) {
        return score;
      }
      double unit = Math.pow(10, plan.roundDecimal());
      return (float) (Math.round(score * unit) / unit);
    }
  }
}
