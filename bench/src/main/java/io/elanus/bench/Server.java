package io.elanus.bench;

import java.nio.file.Path;
import java.util.Map;

/// A running Elanus of whichever form, in processes of its own.
public interface Server extends AutoCloseable {
  /// Where clients connect to, on this machine.
  int port();

  /// Process ids by name: `standalone`; `proxy-1`, `datanode-2`, ..., and the servers they use: `kafka-1`,
  /// `mariadb`, `s3`.
  Map<String, Long> pids();

  @Override
  void close();

  /// The forms that measurements compare.
  enum Form {
    STANDALONE,
    /// A process per role over one broker, MariaDB and S3.
    CLUSTER,
    /// The same over three brokers, with three copies of each record.
    CLUSTER_3_BROKERS;

    /// Starts it on free ports and waits until it is ready. Whatever it keeps lies in `data`.
    Server start(Path data) throws InterruptedException {
      return switch (this) {
        case STANDALONE -> ServerProcess.start(data);
        case CLUSTER -> ClusterServer.start(data, 1);
        case CLUSTER_3_BROKERS -> ClusterServer.start(data, 3);
      };
    }
  }
}
