package io.elanus.standalone.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// The settings of a YAML file. Values stay the texts that were written: what they mean is the key's
/// affair, so `0123`, `yes` and `1e3` are not turned into something else on the way.
///
/// ```
/// minio:
///   address: s3.example         =>  minio.address = s3.example
/// etcd.endpoints: [a:1, b:1]    =>  etcd.endpoints = a:1,b:1
/// ```
final class ConfigFile {
  private final Path path;
  private final List<Setting> settings = new ArrayList<>();
  private final Problems problems;

  private ConfigFile(Path path, Problems problems) {
    this.path = path;
    this.problems = problems;
  }

  /// @param problems takes what is wrong with the file
  static List<Setting> read(Path path, Problems problems) {
    ConfigFile file = new ConfigFile(path, problems);
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(path.toString()).build();
      new Compose(settings)
          .composeString(Files.readString(path))
          .ifPresent(root -> file.take("", root));
    } catch (IOException e) {
      problems.add("%s: cannot be read: %s", path, e);
    } catch (MarkedYamlEngineException e) {
      // without the lines around it: they may hold a secret
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      problems.add("%s: is not valid YAML: %s", new Source.File(path, line), e.getProblem());
    } catch (YamlEngineException _) {
      problems.add("%s: is not valid YAML", path);
    }
    return file.settings;
  }

  private void take(String key, Node node) {
    switch (node) {
      case MappingNode mapping -> mapping.getValue().forEach(entry -> take(key, entry));
      case SequenceNode sequence -> add(key, node, list(sequence));
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> {
        // said to be nothing: the default holds
      }
      case ScalarNode scalar -> add(key, node, scalar.getValue());
      default -> problems.add("%s: cannot be a value", at(node));
    }
  }

  private void take(String key, NodeTuple entry) {
    if (entry.getKeyNode() instanceof ScalarNode name) {
      take(key.isEmpty() ? name.getValue() : key + "." + name.getValue(), entry.getValueNode());
    } else {
      problems.add("%s: cannot be a key", at(entry.getKeyNode()));
    }
  }

  private String list(SequenceNode sequence) {
    return sequence.getValue().stream()
        .map(node -> {
          if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
          }
          problems.add("%s: cannot be part of a list", at(node));
          return "";
        })
        .collect(Collectors.joining(","));
  }

  private void add(String key, Node node, String value) {
    if (key.isEmpty()) {
      problems.add("%s: no keys", at(node));
    } else if (settings.stream().anyMatch(setting -> setting.key().equals(key))) {
      problems.add("%s: %s is said twice", at(node), key);
    } else {
      settings.add(new Setting(key, value, at(node)));
    }
  }

  private Source.File at(Node node) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    return new Source.File(path, line);
  }
}
