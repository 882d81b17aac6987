package io.elanus.chaos.workload;

import io.milvus.v2.service.collection.ReplicaInfo;
import io.milvus.v2.service.collection.ShardReplica;
import io.milvus.v2.service.collection.request.DescribeReplicasReq;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who serves the shards of a collection, as the server tells its clients.
public final class Replicas implements AutoCloseable {
  private static final int SESSION = 901;

  private final Client client;

  public Replicas(Scene scene) {
    this.client = new Client(scene, SESSION, Client.Retries.NONE);
  }

  /// The number of nodes that lead the shard that fewest lead; 0 when nobody answers.
  public int fewestLeaders() {
    DescribeReplicasReq request =
        DescribeReplicasReq.builder().collectionName(client.scene().collection()).build();
    List<ReplicaInfo> replicas =
        client
            .call("replicas", sdk -> sdk.describeReplicas(request).getReplicas())
            .map(Client.Timed::value)
            .orElse(List.of());
    Map<String, Set<Long>> leaders = new HashMap<>();
    for (ReplicaInfo replica : replicas) {
      for (ShardReplica shard : replica.getShardReplicas()) {
        Set<Long> ofShard = leaders.computeIfAbsent(shard.getChannelName(), _ -> new HashSet<>());
        if (shard.getLeaderID() > 0) {
          ofShard.add(shard.getLeaderID());
        }
      }
    }
    return leaders.values().stream().mapToInt(Set::size).min().orElse(0);
  }

  @Override
  public void close() {
    client.close();
  }
}
