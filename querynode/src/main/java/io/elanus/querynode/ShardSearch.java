package io.elanus.querynode;

import com.google.protobuf.ByteString;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FieldRefs;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.topk.GroupedHits;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.Likeness;
import io.elanus.index.SearchParams;
import io.elanus.proto.internal.Bands;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.Grouping;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchSegmentsResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.codec.GroupRankings;
import io.elanus.rpc.codec.HitRankings;
import io.elanus.rpc.codec.HitRankings.RowHit;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.GroupBy;
import io.elanus.segment.shard.Hit;
import io.elanus.segment.shard.Queries;
import io.elanus.segment.shard.RowAddress;
import io.elanus.segment.shard.SearchRequest;
import io.elanus.segment.shard.ShardSnapshot;
import io.elanus.segment.shard.TailGraph;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A search on its way through a snapshot: decodes the plan, searches, fetches the fields of the winners.
///
/// @param pages of iterators, as far as they are known
record ShardSearch(SearchShardRequest request, PagesAhead pages)
    implements ShardReading<SearchShardResponse> {
  /// More than that a page of an iterator does not hold; as much as any search may ask for.
  private static final int MAX_PAGE = 16_384;

  /// Fewer rows are sooner looked through than shared.
  private static final long FEW_ROWS = 10_000;

  @Override
  public ShardId shard() {
    return new ShardId(new CollectionId(request.getCollectionId()), request.getShard());
  }

  @Override
  public Freshness freshness() {
    return request.getFreshness();
  }

  @Override
  public Planned planned() {
    return new Planned(request.getCollectionVersion(), request.getDdlSequence());
  }

  @Override
  public OptionalLong asOf() {
    return request.getAsOf() == 0 ? OptionalLong.empty() : OptionalLong.of(request.getAsOf());
  }

  @Override
  public Set<PartitionId> partitions() {
    return request.getPartitionIdsList().stream().map(PartitionId::new).collect(Collectors.toSet());
  }

  @Override
  public Set<Long> fieldIds() {
    Set<Long> ids = new TreeSet<>(request.getOutputFieldIdsList());
    ids.addAll(FieldRefs.of(filter()));
    ids.addAll(request.getGrouping().getFieldIdsList());
    ids.add(request.getFieldId());
    return ids;
  }

  @Override
  public Optional<Probing> probing() {
    boolean nearest =
        !request.getExact()
            && !request.hasScores()
            && !request.getWithTies()
            && !request.hasGrouping()
            && request.getListLengthsCount() == 0;
    return request.getProbes() > 0
            && nearest
            && !request.getOutputFieldIdsList().contains(request.getFieldId())
        ? Optional.of(new Probing(request.getFieldId(), metric()))
        : Optional.empty();
  }

  private Expr filter() {
    return request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
  }

  @Override
  public SearchShardResponse here(
      ShardSnapshot snapshot, Cancellation cancellation, HeapShare heap) {
    SearchRequest plan = plan(snapshot);
    List<List<Hit>> found =
        isPage(plan)
            ? List.of(pages.page(request, plan, snapshot, cancellation, heap))
            : snapshot.search(plan, cancellation, heap);
    return respond(snapshot, found, heap);
  }

  /// Whether it is a page of an iterator.
  private boolean isPage(SearchRequest plan) {
    return plan.queries().count() == 1
        && plan.groups().isEmpty()
        && (request.getWithTies() || request.getAsOf() != 0);
  }

  /// What another search must ask for to go together with this one ([SharedScans]): the same of other vectors. Empty when there is nothing
  /// to be shared, or more to it than the nearest rows.
  Optional<SearchShardRequest> sharedPlan(ShardSnapshot snapshot) {
    boolean scans =
        request.getExact()
            || request.hasFilter()
            || snapshot.rowsWithoutIndex(
                    request.getFieldId(), metric(), effort(), request.getLimit())
                > FEW_ROWS;
    boolean nearest =
        !request.hasScores()
            && !request.getWithTies()
            && !request.hasGrouping()
            && request.getAsOf() == 0
            && request.getListLengthsCount() == 0;
    boolean whole = snapshot.segments().stream().allMatch(SegmentReader::isWhole);
    return scans && nearest && whole
        ? Optional.of(
            request.toBuilder()
                .clearVectors()
                .clearVectorCount()
                .clearEncodedVectors()
                .clearOutputFieldIds()
                .clearFreshness()
                .clearCold()
                .build())
        : Optional.empty();
  }

  /// A graph of the tail that searches like this one lack.
  Optional<TailGraph> graphDue(ShardSnapshot snapshot) {
    return snapshot.graphDue(request.getFieldId(), metric());
  }

  /// The answers of searches with one shared plan, in their order.
  ///
  /// @param heaps of each; the search as a whole is counted to the first
  static List<SearchShardResponse> together(
      List<ShardSearch> searches,
      ShardSnapshot snapshot,
      Cancellation cancellation,
      List<HeapShare> heaps) {
    SearchShardRequest.Builder all = searches.getFirst().request.toBuilder();
    for (ShardSearch search : searches.subList(1, searches.size())) {
      all.setVectors(all.getVectors().concat(search.request.getVectors()))
          .setVectorCount(all.getVectorCount() + search.request.getVectorCount())
          .addAllEncodedVectors(search.request.getEncodedVectorsList());
    }
    ShardSearch shared = new ShardSearch(all.build(), searches.getFirst().pages);
    List<List<Hit>> found = snapshot.search(shared.plan(snapshot), cancellation, heaps.getFirst());
    List<SearchShardResponse> answers = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < searches.size(); i++) {
      SearchShardRequest own = searches.get(i).request;
      int to = from + Math.max(own.getVectorCount(), own.getEncodedVectorsCount());
      answers.add(searches.get(i).respond(snapshot, found.subList(from, to), heaps.get(i)));
      from = to;
    }
    return answers;
  }

  private SearchShardResponse respond(
      ShardSnapshot snapshot, List<List<Hit>> found, HeapShare heap) {
    found.forEach(this::requirePage);
    List<Hit> hits = found.stream().flatMap(List::stream).toList();
    List<RowAddress> addresses = hits.stream().map(Hit::address).toList();

    SearchShardResponse.Builder response =
        SearchShardResponse.newBuilder().setReadVersion(snapshot.version());
    found.forEach(ofOne -> response.addHitCounts(ofOne.size()));
    hits.forEach(hit -> response.addScores(hit.score()));
    addresses.forEach(address -> response.addVersions(address.version()));
    response.addAllPlaces(HitRankings.places(hits));
    ShardRows rows = ShardRows.fetch(snapshot, addresses, request.getOutputFieldIdsList(), heap);
    return response.setKeys(rows.keys()).addAllColumns(rows.columns()).build();
  }

  @Override
  public Answer<SearchShardResponse> there(QueryNodeApi holder, SegmentsRead read) {
    SearchSegmentsResponse response =
        holder.searchSegments(
            SearchSegmentsRequest.newBuilder().setRead(read).setSearch(request).build());
    return response.hasLacking()
        ? new Answer.Lacking<>(response.getLacking())
        : new Answer.Found<>(response.getFound());
  }

  /// Each part has the best rows of its own, so the best of all parts are the best of all: what comes
  /// before a row in its part comes before it altogether.
  @Override
  public SearchShardResponse merge(List<SearchShardResponse> parts, CollectionSchema schema) {
    KeyColumn keys =
        ShardRows.keys(schema, parts.stream().map(SearchShardResponse::getKeys).toList());
    SearchShardResponse.Builder response =
        SearchShardResponse.newBuilder().setReadVersion(parts.getFirst().getReadVersion());
    List<RowHit> hits = new ArrayList<>();
    for (List<RowHit> best : best(parts, keys, schema)) {
      requirePage(best);
      hits.addAll(best);
      response.addHitCounts(best.size());
    }
    long[] versions =
        parts.stream()
            .flatMapToLong(part -> part.getVersionsList().stream().mapToLong(Long::longValue))
            .toArray();
    hits.forEach(hit -> response.addScores(hit.score()).addVersions(versions[hit.row()]));
    response.addAllPlaces(HitRankings.places(hits));
    ShardRows rows =
        ShardRows.select(
            schema,
            keys,
            parts.stream().map(SearchShardResponse::getColumnsList).toList(),
            request.getOutputFieldIdsList(),
            hits.stream().mapToInt(RowHit::row).toArray());
    return response.setKeys(rows.keys()).addAllColumns(rows.columns()).build();
  }

  /// By query.
  private List<List<RowHit>> best(
      List<SearchShardResponse> parts, KeyColumn keys, CollectionSchema schema) {
    return request.hasGrouping()
        ? GroupRankings.merge(parts, keys, groupFields(schema), metric(), request).stream()
            .map(GroupedHits::ofAll)
            .toList()
        : HitRankings.of(parts, keys, request).stream()
            .map(ofQuery -> HitRankings.merge(ofQuery, metric(), request))
            .toList();
  }

  private List<Field> groupFields(CollectionSchema schema) {
    return request.getGrouping().getFieldIdsList().stream().map(schema::requireField).toList();
  }

  private void requirePage(List<?> hits) {
    if (request.getWithTies() && hits.size() > MAX_PAGE) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "more than %d rows are equally near: an iterator cannot go on between them", MAX_PAGE);
    }
  }

  private ScoreRange range() {
    io.elanus.proto.internal.ScoreRange range = request.getScores();
    return new ScoreRange(
        range.hasFrom() ? Optional.of(range.getFrom()) : Optional.empty(),
        range.getFromExclusive(),
        range.hasUntil() ? Optional.of(range.getUntil()) : Optional.empty());
  }

  private SearchParams effort() {
    if (request.hasBands()) {
      Bands bands = request.getBands();
      return new SearchParams.Bands(
          bands.getElementBytes(),
          bands.getCount(),
          bands.getJaccard() ? Likeness.ELEMENTS : Likeness.BAND);
    }
    if (request.getExact()) {
      return new SearchParams.Exact();
    }
    if (request.getDropRatio() > 0) {
      return new SearchParams.Sparse(request.getDropRatio());
    }
    float refine = Math.max(request.getRefine(), SearchParams.NO_REFINE);
    return request.getProbes() > 0
        ? new SearchParams.Ivf(request.getProbes(), refine)
        : new SearchParams.Hnsw(Math.max(request.getEf(), request.getLimit()), refine);
  }

  private SearchRequest plan(ShardSnapshot snapshot) {
    Field field = snapshot.schema().requireField(request.getFieldId());
    Optional<GroupBy> groups = groups(snapshot.schema());
    return new SearchRequest(
        field.id(),
        metric(),
        queries(field),
        request.getLimit(),
        effort(),
        groups.map(wanted -> inGroups(wanted, snapshot.schema())).orElseGet(this::filter),
        partitions(),
        range(),
        request.getWithTies(),
        groups);
  }

  private Optional<GroupBy> groups(CollectionSchema schema) {
    if (!request.hasGrouping()) {
      return Optional.empty();
    }
    Grouping grouping = request.getGrouping();
    return Optional.of(
        new GroupBy(
            grouping.getFieldIdsList(),
            grouping.getSize(),
            GroupRankings.wanted(groupFields(schema), grouping)));
  }

  /// The filter, and of rows in groups that no query wants as few as is easily said.
  private Expr inGroups(GroupBy groups, CollectionSchema schema) {
    if (groups.wanted().isEmpty()) {
      return filter();
    }
    List<Expr> all = new ArrayList<>(List.of(filter()));
    List<Field> fields = groupFields(schema);
    for (int i = 0; i < fields.size(); i++) {
      int at = i;
      FieldRef field = new FieldRef(fields.get(at).id(), fields.get(at).type());
      Set<Optional<Literal>> values =
          groups.wanted().stream()
              .flatMap(Set::stream)
              .map(group -> group.values().get(at))
              .collect(Collectors.toSet());
      Expr in = new Expr.In(field, values.stream().flatMap(Optional::stream).toList());
      all.add(
          values.contains(Optional.<Literal>empty())
              ? new Expr.Or(List.of(in, new Expr.Not(new Expr.Exists(field))))
              : in);
    }
    return new Expr.And(all);
  }

  private Queries queries(Field field) {
    if (!metric().isOfLists()) {
      return vectors(field.vectorType(), field, request.getVectorCount());
    }
    List<Integer> lengths = request.getListLengthsList();
    int vectors = lengths.stream().mapToInt(Integer::intValue).reduce(0, Math::addExact);
    return Queries.Lists.of(vectors(field.vectorType(), field, vectors), lengths);
  }

  /// Bits and sparse vectors are searched as they are, all others as float32.
  private Queries vectors(DataType type, Field field, int count) {
    return switch (type) {
      case BINARY_VECTOR, SPARSE_FLOAT_VECTOR ->
          new Queries.Encoded(
              request.getEncodedVectorsList().stream().map(ByteString::toByteArray).toList());
      default -> new Queries.Dense(vectors(field.dimension(), count));
    };
  }

  private List<float[]> vectors(int dimension, int count) {
    FloatBuffer values =
        request.getVectors().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    if (values.remaining() != count * dimension) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%d values do not make %d vectors of %d", values.remaining(), count, dimension);
    }
    List<float[]> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] vector = new float[dimension];
      values.get(vector);
      vectors.add(vector);
    }
    return vectors;
  }

  private Metric metric() {
    return Metric.ofName(request.getMetric())
        .orElseThrow(() -> ErrorCode.METRIC_NOT_FOUND.with("metric", request.getMetric()));
  }
}
