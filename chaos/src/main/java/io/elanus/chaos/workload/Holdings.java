package io.elanus.chaos.workload;

import io.milvus.v2.service.utility.request.GetQuerySegmentInfoReq;
import io.milvus.v2.service.utility.response.GetQuerySegmentInfoResp.QuerySegmentInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which query nodes hold how much, as the server tells its clients.
public final class Holdings implements AutoCloseable {
  private static final int SESSION = 902;

  private final Client client;
  private final List<String> collections;

  /// @param collections of which segments count
  public Holdings(Scene scene, List<String> collections) {
    this.client = new Client(scene, SESSION, Client.Retries.NONE);
    this.collections = List.copyOf(collections);
  }

  /// @param bytesByNode of sealed segments, of nodes that hold some
  /// @param largestSegment in bytes
  public record Spread(Map<Long, Long> bytesByNode, long largestSegment) {
    /// Between the node that holds most and the one that holds least.
    public long gap() {
      Collection<Long> bytes = bytesByNode.values();
      return bytes.isEmpty() ? 0 : bytes.stream().mapToLong(b -> b).max().orElseThrow() - least();
    }

    /// What the node holds that holds least.
    public long least() {
      return bytesByNode.values().stream().mapToLong(b -> b).min().orElse(0);
    }
  }

  /// Empty when nobody answers.
  public Optional<Spread> look() {
    Map<Long, Long> bytesByNode = new TreeMap<>();
    long largest = 0;
    for (String collection : collections) {
      GetQuerySegmentInfoReq request =
          GetQuerySegmentInfoReq.builder().collectionName(collection).build();
      Optional<List<QuerySegmentInfo>> segments =
          client
              .call("segments", sdk -> sdk.getQuerySegmentInfo(request).getSegmentInfos())
              .map(Client.Timed::value);
      if (segments.isEmpty()) {
        return Optional.empty();
      }
      for (QuerySegmentInfo segment : segments.get()) {
        segment
            .getNodeIDs()
            .forEach(node -> bytesByNode.merge(node, segment.getMemSize(), Long::sum));
        largest = Math.max(largest, segment.getMemSize());
      }
    }
    return Optional.of(new Spread(bytesByNode, largest));
  }

  @Override
  public void close() {
    client.close();
  }
}
