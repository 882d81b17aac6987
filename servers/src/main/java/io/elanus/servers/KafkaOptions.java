package io.elanus.servers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How a [KafkaServer] is made. Holds from the first start in a folder on, except for the heap.
///
/// @param brokerCount each is broker and controller
/// @param heapMegabytes of each broker's JVM
/// @param listeners further listeners for clients beside `PLAINTEXT`: name -> security protocol
/// @param properties of every broker, over those made here
/// @param formatArguments of `kafka-storage format`, e.g. `--add-scram` for the first users
public record KafkaOptions(
    int brokerCount,
    int heapMegabytes,
    Map<String, String> listeners,
    Map<String, String> properties,
    List<String> formatArguments) {
  public static final KafkaOptions ONE_BROKER =
      new KafkaOptions(1, 256, Map.of(), Map.of(), List.of());

  /// For replication factor 3 with two in-sync replicas.
  public static final KafkaOptions THREE_BROKERS =
      new KafkaOptions(3, 192, Map.of(), Map.of(), List.of());

  public KafkaOptions {
    listeners = Map.copyOf(listeners);
    properties = Map.copyOf(properties);
    formatArguments = List.copyOf(formatArguments);
  }

  public KafkaOptions withListener(String name, String securityProtocol) {
    return new KafkaOptions(
        brokerCount,
        heapMegabytes,
        plus(listeners, name, securityProtocol),
        properties,
        formatArguments);
  }

  public KafkaOptions withProperty(String name, String value) {
    return new KafkaOptions(
        brokerCount, heapMegabytes, listeners, plus(properties, name, value), formatArguments);
  }

  public KafkaOptions withFormatArguments(String... arguments) {
    return new KafkaOptions(brokerCount, heapMegabytes, listeners, properties, List.of(arguments));
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> all = new TreeMap<>(map);
    all.put(key, value);
    return all;
  }
}
