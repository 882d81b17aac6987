package io.elanus.standalone;

import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Setting;
import io.elanus.standalone.config.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options of every command that reads the configuration.
final class ConfigOptions {
  private static final Path USUAL_FILE = Path.of("elanus.yaml");

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = {
        "Configuration file (YAML); else the one that ELANUS_CONFIG names, else elanus.yaml in this",
        "folder, if there is one."
      })
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "<key=value>",
      description =
          "Sets one key; may be repeated. Secrets belong into the file or the environment.")
  private Map<String, String> set = new LinkedHashMap<>();

  /// @param options what other options of the command stand for; they win over `--set`
  Configuration read(List<Setting> options) {
    List<Setting> settings = new ArrayList<>();
    set.forEach((key, value) -> settings.add(new Setting(key, value, option("--set"))));
    settings.addAll(options);
    Map<String, String> environment = System.getenv();
    return Configuration.read(new Configuration.Input(find(environment), environment, settings));
  }

  static Source option(String name) {
    return new Source.CommandLine(name);
  }

  private Optional<Path> find(Map<String, String> environment) {
    return file.or(() -> Optional.ofNullable(environment.get("ELANUS_CONFIG")).map(Path::of))
        .or(() -> Optional.of(USUAL_FILE).filter(Files::exists));
  }
}
