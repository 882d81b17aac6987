package io.elanus.standalone;

import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Setting;
import io.elanus.standalone.config.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Configurations as a command line makes them.
final class Configs {
  private Configs() {}

  /// On free ports of the loopback address.
  ///
  /// @param settings `key=value`
  static Configuration of(String... settings) {
    List<Setting> all =
        Stream.concat(Stream.of("proxy.port=0", "metrics.port=0"), Stream.of(settings))
            .map(setting -> setting.split("=", 2))
            .map(pair -> new Setting(pair[0], pair[1], new Source.CommandLine("--set")))
            .toList();
    return Configuration.read(new Configuration.Input(Optional.empty(), Map.of(), all));
  }

  static ProcessConfig process(String... settings) {
    return ProcessConfig.of(of(settings));
  }
}
