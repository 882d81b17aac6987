package io.elanus.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The settings among the environment variables: `ELANUS_` and the key in capitals with `_` for `.`, or a
/// name that deployments of Milvus set (`MINIO_ADDRESS`).
final class Environment {
  /// Variables of the launcher and of the build that set no key.
  private static final Set<String> OTHERS =
      Set.of(
          "ELANUS_CHAOS_SAMPLE",
          "ELANUS_CONFIG",
          "ELANUS_HOME",
          "ELANUS_JAVA_OPTS",
          "ELANUS_NATIVE",
          "ELANUS_REQUIRED_SDKS",
          "ELANUS_REQUIRED_SERVERS",
          "ELANUS_TARGET",
          "ELANUS_TOKEN");

  private Environment() {}

  static List<Setting> settings(Map<String, String> variables) {
    List<Setting> settings = new ArrayList<>();
    new TreeMap<>(variables)
        .forEach(
            (name, value) -> aliased(name).ifPresent(key -> settings.add(at(name, key, value))));
    new TreeMap<>(variables)
        .forEach((name, value) -> {
          if (name.startsWith(Key.PREFIX) && !OTHERS.contains(name) && !isService(name, value)) {
            settings.add(at(name, own(name), value));
          }
        });
    return settings;
  }

  private static Setting at(String name, String key, String value) {
    return new Setting(key, value, new Source.Environment(name));
  }

  private static Optional<String> aliased(String name) {
    return Keys.ALL.stream().filter(key -> key.aliases().contains(name)).map(Key::name).findFirst();
  }

  /// The key whose variable it is; else a name to complain about.
  private static String own(String name) {
    return Keys.ALL.stream()
        .filter(key -> key.environmentName().equals(name))
        .map(Key::name)
        .findFirst()
        .orElse(name);
  }

  /// Kubernetes tells each container where services are: beside a service `elanus-proxy`, the variable
  /// `ELANUS_PROXY_PORT` is `tcp://10.0.0.7:19530`. That is nobody's setting.
  private static boolean isService(String name, String value) {
    return value.startsWith("tcp://")
        || value.startsWith("udp://")
        || name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.matches(".*_PORT_\\d+_(TCP|UDP)(_.*)?");
  }
}
