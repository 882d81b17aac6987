package io.elanus.querynode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.index.SearchParams;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.Hit;
import io.elanus.segment.shard.RowAddress;
import io.elanus.segment.shard.SearchRequest;
import io.elanus.segment.shard.ShardSnapshot;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A search on its way through a snapshot: decodes the plan, searches, fetches the fields of the winners.
final class ShardSearch {
  private ShardSearch() {}

  static SearchShardResponse run(
      SearchShardRequest request, ShardSnapshot snapshot, Cancellation cancellation) {
    List<List<Hit>> found = snapshot.search(plan(request, snapshot), cancellation);
    List<Hit> hits = found.stream().flatMap(List::stream).toList();
    List<RowAddress> addresses = hits.stream().map(Hit::address).toList();

    SearchShardResponse.Builder response =
        SearchShardResponse.newBuilder().setReadVersion(snapshot.version());
    found.forEach(ofOne -> response.addHitCounts(ofOne.size()));
    hits.forEach(hit -> response.addScores(hit.score()));
    addresses.forEach(address -> response.addVersions(address.version()));
    ShardRows rows = ShardRows.fetch(snapshot, addresses, request.getOutputFieldIdsList());
    return response.setKeys(rows.keys()).addAllColumns(rows.columns()).build();
  }

  private static SearchRequest plan(SearchShardRequest request, ShardSnapshot snapshot) {
    Field field = snapshot.schema().requireField(request.getFieldId());
    io.elanus.index.Metric metric = metric(request.getMetric());
    SearchParams params =
        request.getExact()
            ? new SearchParams.Exact()
            : new SearchParams.Hnsw(Math.max(request.getEf(), request.getLimit()));
    Expr filter = request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
    Set<PartitionId> partitions =
        request.getPartitionIdsList().stream().map(PartitionId::new).collect(Collectors.toSet());
    return new SearchRequest(
        field.id(),
        metric,
        vectors(request, field.dimension()),
        request.getLimit(),
        params,
        filter,
        partitions);
  }

  private static List<float[]> vectors(SearchShardRequest request, int dimension) {
    FloatBuffer values =
        request.getVectors().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    if (values.remaining() != request.getVectorCount() * dimension) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%d values do not make %d vectors of %d",
          values.remaining(), request.getVectorCount(), dimension);
    }
    List<float[]> vectors = new ArrayList<>(request.getVectorCount());
    for (int i = 0; i < request.getVectorCount(); i++) {
      float[] vector = new float[dimension];
      values.get(vector);
      vectors.add(vector);
    }
    return vectors;
  }

  private static io.elanus.index.Metric metric(String name) {
    Metric metric =
        Metric.ofName(name).orElseThrow(() -> ErrorCode.METRIC_NOT_FOUND.with("metric", name));
    return switch (metric) {
      case L2 -> io.elanus.index.Metric.L2;
      case IP -> io.elanus.index.Metric.INNER_PRODUCT;
      case COSINE -> io.elanus.index.Metric.COSINE;
    };
  }
}
