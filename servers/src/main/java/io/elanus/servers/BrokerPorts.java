package io.elanus.servers;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// The loopback ports of one broker by listener. Kept in a file, because a restart has to come back where
/// clients look for it.
record BrokerPorts(Map<String, Integer> byListener) {
  static final String INTERNAL = "PLAINTEXT";
  static final String CONTROLLER = "CONTROLLER";

  /// Those in `file`, which is made with free ones when it is missing.
  static BrokerPorts keptIn(Path file, KafkaOptions options) {
    try {
      if (Files.notExists(file)) {
        free(options).write(file);
      }
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BrokerPorts free(KafkaOptions options) {
    List<String> listeners = new ArrayList<>(List.of(INTERNAL, CONTROLLER));
    listeners.addAll(options.listeners().keySet());
    List<Integer> free = FreePorts.several(listeners.size());
    Map<String, Integer> ports = new TreeMap<>();
    for (int i = 0; i < listeners.size(); i++) {
      ports.put(listeners.get(i), free.get(i));
    }
    return new BrokerPorts(ports);
  }

  private static BrokerPorts read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, Integer> ports = new TreeMap<>();
    properties.forEach((name, port) -> ports.put((String) name, Integer.valueOf((String) port)));
    return new BrokerPorts(ports);
  }

  private void write(Path file) throws IOException {
    Properties properties = new Properties();
    byListener.forEach((name, port) -> properties.put(name, port.toString()));
    Files.createDirectories(file.getParent());
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }

  /// `host:port`
  ///
  /// @throws IllegalStateException when the broker was made without that listener
  String address(String listener) {
    Integer port = byListener.get(listener);
    if (port == null) {
      throw new IllegalStateException("the broker has no listener " + listener);
    }
    return "127.0.0.1:" + port;
  }
}
