package io.elanus.chaos.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a cluster is made of.
///
/// @param brokers 1, or 3 with three copies of each record
/// @param metastore `mariadb` or `etcd`
/// @param split whether each coordinator has processes of its own
/// @param counts processes by role where they are not two
/// @param isHeavy whether it is to hold gigabytes; else everything is small and short-lived
public record Topology(
    int brokers, String metastore, boolean split, Map<String, Integer> counts, boolean isHeavy) {
  private static final Map<String, Integer> ONE_OF_EACH =
      Map.of("rootcoord", 1, "datanode", 1, "querynode", 1, "indexnode", 1, "proxy", 1);

  public Topology {
    counts = Map.copyOf(counts);
  }

  /// @param name `kafka-mariadb-s3`, with `kafka3` for three brokers, or `etcd` instead of `mariadb`; with
  ///     `-small` behind it for one process of each role
  /// @throws IllegalArgumentException when it is none of these
  public static Topology named(String name) {
    String[] parts = name.split("-", -1);
    boolean small = parts.length == 4 && parts[3].equals("small");
    boolean known =
        (small || parts.length == 3)
            && List.of("kafka", "kafka3").contains(parts[0])
            && List.of("mariadb", "etcd").contains(parts[1])
            && parts[2].equals("s3");
    if (!known) {
      throw new IllegalArgumentException(
          "no deployment '%s': standalone, or kafka|kafka3-mariadb|etcd-s3[-small]"
              .formatted(name));
    }
    return new Topology(
        parts[0].equals("kafka3") ? 3 : 1, parts[1], false, small ? ONE_OF_EACH : Map.of(), false);
  }

  /// Each coordinator in processes of its own; not where there is one process of each role.
  public Topology splitCoordinators() {
    return counts.equals(ONE_OF_EACH)
        ? this
        : new Topology(brokers, metastore, true, counts, isHeavy);
  }

  public Topology with(String role, int count) {
    Map<String, Integer> more = new TreeMap<>(counts);
    more.put(role, count);
    return new Topology(brokers, metastore, split, more, isHeavy);
  }

  /// For gigabytes.
  public Topology heavy() {
    return new Topology(brokers, metastore, split, counts, true);
  }

  /// Those that let work in the background never rest; a heavy one makes segments of 32 MiB.
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(Deployment.RESTLESS);
    if (isHeavy) {
      settings.put("dataNode.segment.flushBytes", "32MiB");
    }
    return settings;
  }

  /// Processes that are killed all the time would spend most of the processor on compiling what they never come
  /// to run often: the first compiler has to do, but for the loops of a heavy one.
  Map<String, String> environment() {
    return isHeavy ? Map.of() : Map.of("ELANUS_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
  }

  List<String> options() {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--kafka-brokers", Integer.toString(brokers)));
    options.addAll(List.of("--metastore", metastore));
    if (split) {
      options.add("--split");
    }
    if (!counts.isEmpty()) {
      options.add("--scale");
      options.add(
          new TreeMap<>(counts)
              .entrySet().stream()
                  .map(e -> e.getKey() + "=" + e.getValue())
                  .collect(Collectors.joining(",")));
    }
    return options;
  }
}
