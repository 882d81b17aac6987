package io.elanus.standalone.config;

import io.elanus.common.error.DbException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What every key is set to, and by whom. Defaults, then the file, then the environment, then the command
/// line: the last one to say something about a key is right.
public final class Configuration {
  /// @param value parsed by the key's kind
  private record Held(Object value, Source source) {}

  /// Where settings come from.
  ///
  /// @param commandLine `key=value` texts and what options of commands stand for
  public record Input(
      Optional<Path> file, Map<String, String> environment, List<Setting> commandLine) {
    public Input {
      environment = Map.copyOf(environment);
      commandLine = List.copyOf(commandLine);
    }
  }

  private final Map<Key<?>, Held> held;

  private Configuration(Map<Key<?>, Held> held) {
    this.held = held;
  }

  /// @throws DbException `INVALID_PARAMETER` with all problems in one numbered list
  public static Configuration read(Input input) {
    Problems problems = new Problems();
    List<Setting> settings = new ArrayList<>();
    input.file().ifPresent(path -> settings.addAll(ConfigFile.read(path, problems)));
    settings.addAll(Environment.settings(input.environment()));
    settings.addAll(input.commandLine());
    Map<Key<?>, Held> held = new LinkedHashMap<>();
    Keys.ALL.forEach(key -> held.put(key, new Held(key.initial(), new Source.Initial())));
    settings.forEach(setting -> take(setting, held, problems));
    problems.refuse();
    return new Configuration(held);
  }

  private static void take(Setting setting, Map<Key<?>, Held> held, Problems problems) {
    Keys.find(setting.key())
        .ifPresentOrElse(
            key -> take(key, setting, held, problems), () -> problems.add("%s", unknown(setting)));
  }

  private static void take(Key<?> key, Setting setting, Map<Key<?>, Held> held, Problems problems) {
    key.kind()
        .parse(setting.value().strip())
        .ifPresentOrElse(
            value -> held.put(key, new Held(value, setting.source())),
            () ->
                problems.add(
                    "%s: %s is '%s', it should be %s",
                    setting.source(), key.name(), setting.value(), key.kind().expected()));
  }

  private static String unknown(Setting setting) {
    boolean variable = setting.source() instanceof Source.Environment;
    List<String> names =
        Keys.ALL.stream().map(key -> variable ? key.environmentName() : key.name()).toList();
    String hint =
        Spelling.nearest(setting.key(), names)
            .map(", did you mean %s?"::formatted)
            .orElse("; `elanus config --help` lists all keys");
    return variable
        ? "environment: there is no key for %s%s".formatted(setting.key(), hint)
        : "%s: there is no key %s%s".formatted(setting.source(), setting.key(), hint);
  }

  /// @return what `key` is set to
  @SuppressWarnings("unchecked") // parsed by the key's own kind
  public <T> T get(Key<T> key) {
    return (T) require(key).value();
  }

  public Source source(Key<?> key) {
    return require(key).source();
  }

  /// Whether somebody said something about the key.
  public boolean isSet(Key<?> key) {
    return !(source(key) instanceof Source.Initial);
  }

  private Held require(Key<?> key) {
    Held found = held.get(key);
    if (found == null) {
      throw new IllegalArgumentException("key %s is not in the table".formatted(key.name()));
    }
    return found;
  }

  /// One line per key: value and where it was said. Secrets are masked.
  public String show() {
    return Keys.ALL.stream().map(this::line).collect(Collectors.joining("\n"));
  }

  private String line(Key<?> key) {
    String setting = "%s: %s".formatted(key.name(), printed(key));
    return "%-60s # %s".formatted(setting, source(key));
  }

  private <T> String printed(Key<T> key) {
    return key.kind().print(get(key));
  }

  /// How many keys somebody said something about.
  public long setCount() {
    return Keys.ALL.stream().filter(this::isSet).count();
  }
}
