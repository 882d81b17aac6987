package io.elanus.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What one broker keeps below the folder of its server.
///
/// ```
/// broker-1/ports.properties    where it listens, drawn once
/// broker-1/server.properties   written anew at each start
/// broker-1/output              what all its starts said
/// broker-1/data/               topics
/// ```
record BrokerFiles(Path folder, int id) {
  private Path home() {
    return folder.resolve("broker-" + id);
  }

  Path ports() {
    return home().resolve("ports.properties");
  }

  Path properties() {
    return home().resolve("server.properties");
  }

  Path output() {
    return home().resolve("output");
  }

  Path data() {
    return home().resolve("data");
  }

  boolean isFormatted() {
    return Files.exists(data().resolve("meta.properties"));
  }

  /// @param all ports of the brokers 1, 2, ...
  void write(KafkaOptions options, List<BrokerPorts> all) {
    Map<String, String> properties = new TreeMap<>(base(options, all));
    properties.putAll(options.properties());
    String text =
        properties.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\") + "\n")
            .collect(Collectors.joining());
    try {
      Files.createDirectories(home());
      Files.writeString(properties(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> base(KafkaOptions options, List<BrokerPorts> all) {
    BrokerPorts mine = all.get(id - 1);
    int copies = Math.min(3, all.size());
    int minCopies = Math.max(1, copies - 1);
    Map<String, String> properties = new TreeMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(id));
    properties.put("controller.quorum.voters", voters(all));
    properties.put("listeners", listeners(mine, mine.byListener().keySet()));
    properties.put(
        "advertised.listeners",
        listeners(
            mine,
            mine.byListener().keySet().stream()
                .filter(name -> !name.equals(BrokerPorts.CONTROLLER))
                .toList()));
    properties.put("controller.listener.names", BrokerPorts.CONTROLLER);
    properties.put("inter.broker.listener.name", BrokerPorts.INTERNAL);
    properties.put("listener.security.protocol.map", protocols(options));
    properties.put("log.dirs", data().toAbsolutePath().toString());
    properties.put("auto.create.topics.enable", "false");
    properties.put("offsets.topic.replication.factor", Integer.toString(copies));
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", Integer.toString(copies));
    properties.put("transaction.state.log.min.isr", Integer.toString(minCopies));
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("default.replication.factor", Integer.toString(copies));
    properties.put("min.insync.replicas", Integer.toString(minCopies));
    properties.put("message.max.bytes", "16777216");
    properties.put("replica.fetch.max.bytes", "16777216");
    // Small: a broker of a test has one core and little heap. The cleaner's default alone takes 128
    // MiB.
    properties.put("log.cleaner.dedupe.buffer.size", "4194304");
    properties.put("num.network.threads", "1");
    properties.put("num.io.threads", "2");
    properties.put("group.initial.rebalance.delay.ms", "0");
    // How long a killed broker keeps its place: until then its restart is refused.
    properties.put("broker.session.timeout.ms", all.size() == 1 ? "1000" : "3000");
    properties.put("broker.heartbeat.interval.ms", "250");
    return properties;
  }

  private static String voters(List<BrokerPorts> all) {
    return IntStream.range(0, all.size())
        .mapToObj(i -> (i + 1) + "@" + all.get(i).address(BrokerPorts.CONTROLLER))
        .collect(Collectors.joining(","));
  }

  private static String listeners(BrokerPorts ports, Collection<String> names) {
    return names.stream()
        .map(name -> name + "://" + ports.address(name))
        .collect(Collectors.joining(","));
  }

  private static String protocols(KafkaOptions options) {
    Map<String, String> protocols = new TreeMap<>(options.listeners());
    protocols.put(BrokerPorts.INTERNAL, "PLAINTEXT");
    protocols.put(BrokerPorts.CONTROLLER, "PLAINTEXT");
    return protocols.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
