package io.elanus.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Kafka in KRaft mode: one broker, or several, each broker and controller in one, on loopback ports.
///
/// All it keeps lies in one folder: started on the same folder again, it has the same topics and ports.
/// Topics are never created by themselves.
public final class KafkaServer implements AutoCloseable {
  /// Any; topics have ids of their own.
  static final String CLUSTER_ID = "ElanusKafkaCluster000A";

  private final List<KafkaBroker> brokers;

  private KafkaServer(List<KafkaBroker> brokers) {
    this.brokers = List.copyOf(brokers);
  }

  /// Returns when all brokers serve.
  ///
  /// @throws IllegalStateException when one does not start, with its last output
  public static KafkaServer start(Path folder, KafkaOptions options) {
    KafkaJvm jvm = new KafkaJvm();
    jvm.train();
    List<BrokerFiles> files =
        IntStream.rangeClosed(1, options.brokerCount())
            .mapToObj(id -> new BrokerFiles(folder, id))
            .toList();
    List<BrokerPorts> ports =
        files.stream().map(file -> BrokerPorts.keptIn(file.ports(), options)).toList();
    files.forEach(file -> file.write(options, ports));
    format(jvm, files, options);
    return start(jvm, files, ports, options);
  }

  private static void format(KafkaJvm jvm, List<BrokerFiles> files, KafkaOptions options) {
    List<ChildProcess> formats =
        files.stream()
            .filter(file -> !file.isFormatted())
            .map(file -> jvm.format(file.properties(), options.formatArguments(), file.output()))
            .toList();
    formats.forEach(KafkaJvm::awaitFormatted);
  }

  private static KafkaServer start(
      KafkaJvm jvm, List<BrokerFiles> files, List<BrokerPorts> ports, KafkaOptions options) {
    List<KafkaBroker> brokers = new ArrayList<>();
    try {
      for (int i = 0; i < files.size(); i++) {
        brokers.add(new KafkaBroker(jvm, files.get(i), ports.get(i), options.heapMegabytes()));
      }
      brokers.forEach(KafkaBroker::awaitStarted);
      return new KafkaServer(brokers);
    } catch (RuntimeException e) {
      brokers.forEach(KafkaBroker::kill);
      throw e;
    }
  }

  /// For clients without security.
  public String bootstrapServers() {
    return bootstrapServers(BrokerPorts.INTERNAL);
  }

  /// @param listener one of [KafkaOptions#listeners]
  public String bootstrapServers(String listener) {
    return brokers.stream().map(b -> b.address(listener)).collect(Collectors.joining(","));
  }

  public List<KafkaBroker> brokers() {
    return brokers;
  }

  /// @param id from 1
  public KafkaBroker broker(int id) {
    return brokers.get(id - 1);
  }

  /// Ends all brokers, each handing over what it leads. Takes seconds where there are several.
  public void stop() {
    brokers.parallelStream().forEach(KafkaBroker::stop);
  }

  /// Kills all brokers: quick, and as safe as [#stop] while the machine stands, because all they acknowledged
  /// is in its page cache.
  @Override
  public void close() {
    brokers.forEach(KafkaBroker::kill);
  }
}
