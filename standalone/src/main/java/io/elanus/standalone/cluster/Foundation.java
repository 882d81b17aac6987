package io.elanus.standalone.cluster;

import io.elanus.common.run.Closer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.SystemRun;
import io.elanus.servers.EtcdServer;
import io.elanus.servers.KafkaBroker;
import io.elanus.servers.KafkaOptions;
import io.elanus.servers.KafkaServer;
import io.elanus.servers.MariaDbServer;
import io.elanus.servers.S3Server;
import io.elanus.standalone.cluster.ClusterPlan.Metastore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The servers that a local cluster stands on, and the keys that say where they are.
///
/// ```
/// <folder>/kafka/     one broker or three
/// <folder>/mariadb/   or etcd/
/// <folder>/s3/        one bucket
/// ```
final class Foundation implements AutoCloseable {
  private static final String BUCKET = "elanus";
  private static final String DATABASE = "elanus";
  private static final String USER = "elanus";

  /// Of a database that only this machine reaches, with nobody else's data.
  private static final String PASSWORD = "elanus-local";

  private final Closer closer;
  private final List<Part> parts;
  private final Map<String, String> settings;

  /// Returns when all of them serve.
  ///
  /// @throws IllegalStateException when one is not installed or does not start, saying why
  static Foundation start(ClusterPlan plan) {
    Closer closer = new Closer();
    try {
      return new Foundation(plan, closer);
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
  }

  private Foundation(ClusterPlan plan, Closer closer) {
    this.closer = closer;
    List<Supplier<Started>> starts =
        List.of(() -> kafka(plan), () -> metastore(plan), () -> s3(plan.folder().resolve("s3")));
    List<Started> started =
        new FanOut(new SystemRun()).all(starts, Deadline.NEVER, start -> closer.add(start.get()));
    this.parts = started.stream().flatMap(s -> s.parts().stream()).toList();
    this.settings = new LinkedHashMap<>();
    started.forEach(s -> settings.putAll(s.settings()));
  }

  /// A server with its parts and the keys that lead to it.
  private record Started(AutoCloseable server, List<Part> parts, Map<String, String> settings)
      implements AutoCloseable {
    @Override
    public void close() throws Exception {
      server.close();
    }
  }

  List<Part> parts() {
    return parts;
  }

  Map<String, String> settings() {
    return settings;
  }

  @Override
  public void close() {
    closer.close();
  }

  private static Started kafka(ClusterPlan plan) {
    KafkaOptions options =
        plan.kafkaBrokers() == 1 ? KafkaOptions.ONE_BROKER : KafkaOptions.THREE_BROKERS;
    KafkaServer kafka = KafkaServer.start(plan.folder().resolve("kafka"), options);
    List<Part> brokers = kafka.brokers().stream().map(Foundation::part).toList();
    return new Started(
        kafka,
        brokers,
        Map.of(
            "mq.type",
            "kafka",
            "kafka.brokerList",
            kafka.bootstrapServers(),
            "kafka.development",
            Boolean.toString(brokers.size() == 1)));
  }

  private static Part part(KafkaBroker broker) {
    return new ServerPart(
        "kafka-" + broker.id(),
        broker.address("PLAINTEXT"),
        broker.output(),
        broker::pid,
        broker::isAlive,
        broker::kill,
        broker::pause,
        broker::relaunch);
  }

  private static Started metastore(ClusterPlan plan) {
    return plan.metastore() == Metastore.MARIADB
        ? mariaDb(plan.folder().resolve("mariadb"))
        : etcd(plan.folder().resolve("etcd"));
  }

  private static Started mariaDb(Path folder) {
    MariaDbServer server = MariaDbServer.start(folder);
    server.createDatabase(DATABASE, USER, PASSWORD);
    Part part =
        new ServerPart(
            "mariadb",
            "%s:%d".formatted(server.host(), server.port()),
            server.process().output(),
            () -> server.process().pid(),
            () -> server.process().isAlive(),
            server::kill,
            server::pause,
            server::restart);
    return new Started(
        server,
        List.of(part),
        Map.of(
            "metastore.type",
            "mysql",
            "mysql.address",
            server.host(),
            "mysql.port",
            Integer.toString(server.port()),
            "mysql.dbName",
            DATABASE,
            "mysql.username",
            USER,
            "mysql.password",
            PASSWORD));
  }

  private static Started etcd(Path folder) {
    EtcdServer server = EtcdServer.start(folder, 1);
    List<Part> nodes = new ArrayList<>();
    for (int i = 0; i < server.nodeCount(); i++) {
      int node = i;
      nodes.add(
          new ServerPart(
              "etcd-" + (node + 1),
              server.endpoints().get(node),
              server.node(node).output(),
              () -> server.node(node).pid(),
              () -> server.node(node).isAlive(),
              () -> server.kill(node),
              paused -> server.pause(node, paused),
              () -> server.restart(node)));
    }
    return new Started(
        server,
        nodes,
        Map.of("metastore.type", "etcd", "etcd.endpoints", String.join(",", server.endpoints())));
  }

  private static Started s3(Path folder) {
    S3Server s3 = S3Server.start(folder);
    s3.createBucket(BUCKET);
    Part part =
        new ServerPart(
            "s3",
            s3.endpoint().toString(),
            s3.output(),
            s3::pid,
            s3::isAlive,
            s3::kill,
            s3::pause,
            s3::restart);
    return new Started(
        s3,
        List.of(part),
        Map.of(
            "common.storageType",
            "remote",
            "minio.address",
            s3.endpoint().getHost(),
            "minio.port",
            Integer.toString(s3.endpoint().getPort()),
            "minio.bucketName",
            BUCKET,
            "minio.region",
            S3Server.REGION,
            "minio.accessKeyID",
            S3Server.ACCESS_KEY_ID,
            "minio.secretAccessKey",
            S3Server.SECRET_ACCESS_KEY));
  }
}
