package io.elanus.bench;

import io.elanus.standalone.cluster.ClusterPlan;
import io.elanus.standalone.cluster.ClusterPlan.Metastore;
import io.elanus.standalone.cluster.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// One process of each role, which is what two cores carry, over Kafka, MariaDB and S3.
final class ClusterServer implements Server {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final LocalCluster cluster;

  private ClusterServer(LocalCluster cluster) {
    this.cluster = cluster;
  }

  static ClusterServer start(Path data, int brokers) throws InterruptedException {
    Map<String, Integer> counts = new LinkedHashMap<>(ClusterPlan.twoOfEach(false));
    counts.replaceAll((_, _) -> 1);
    ClusterPlan plan =
        new ClusterPlan(
            data,
            Metastore.MARIADB,
            brokers,
            counts,
            0,
            ClusterPlan.DEFAULT_HEAP_MIB,
            false,
            Map.of());
    LocalCluster cluster = LocalCluster.start(plan, _ -> {});
    if (!cluster.awaitReady(START_LIMIT)) {
      cluster.close();
      throw new IllegalStateException("the cluster is not ready after " + START_LIMIT);
    }
    return new ClusterServer(cluster);
  }

  @Override
  public int port() {
    String address = cluster.clientAddresses().getFirst();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  @Override
  public Map<String, Long> pids() {
    return cluster.pids();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
