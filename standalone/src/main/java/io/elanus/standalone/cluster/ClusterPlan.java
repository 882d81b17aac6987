package io.elanus.standalone.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a local cluster is made of.
///
/// @param folder everything it keeps and says; started on the same folder again, it is the same cluster
/// @param kafkaBrokers 1, or 3 with three copies of each record
/// @param counts processes by group; a group is the roles its processes play: `querynode`,
///     `rootcoord,querycoord,datacoord`
/// @param port of the first proxy; the next ones have the next ports; 0 for any free ones
/// @param heapMib of each role process
/// @param settings keys for all role processes, over those of the cluster
public record ClusterPlan(
    Path folder,
    Metastore metastore,
    int kafkaBrokers,
    Map<String, Integer> counts,
    int port,
    int heapMib,
    boolean restartDead,
    Map<String, String> settings) {
  public enum Metastore {
    MARIADB,
    ETCD
  }

  public static final int DEFAULT_PORT = 19530;

  /// Enough for what one tries on one machine, small enough for a dozen of them.
  public static final int DEFAULT_HEAP_MIB = 256;

  static final int MAX_PROCESSES = 100;
  static final String PROXY = "proxy";

  private static final String ALL_COORDINATORS = "rootcoord,querycoord,datacoord";
  private static final List<String> NODES = List.of("datanode", "querynode", "indexnode", PROXY);

  public ClusterPlan {
    folder = folder.toAbsolutePath().normalize();
    counts = Map.copyOf(counts);
    settings = Map.copyOf(settings);
    if (kafkaBrokers != 1 && kafkaBrokers != 3) {
      throw new IllegalArgumentException("%d kafka brokers: 1 or 3".formatted(kafkaBrokers));
    }
    counts.forEach(ClusterPlan::requireCount);
  }

  /// Two of each, one of them taking over from the other where only one can act.
  ///
  /// @param split whether each coordinator has processes of its own
  public static Map<String, Integer> twoOfEach(boolean split) {
    List<String> groups = new ArrayList<>();
    groups.addAll(split ? List.of(ALL_COORDINATORS.split(",")) : List.of(ALL_COORDINATORS));
    groups.addAll(NODES);
    Map<String, Integer> counts = new LinkedHashMap<>();
    groups.forEach(group -> counts.put(group, 2));
    return counts;
  }

  /// The group that somebody means who says `role`.
  ///
  /// @throws IllegalArgumentException when there is none
  String group(String role) {
    return counts.keySet().stream()
        .filter(group -> group.equals(role) || List.of(group.split(",")).contains(role))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no '%s' here: %s"
                    .formatted(
                        role,
                        counts.keySet().stream().sorted().collect(Collectors.joining(", ")))));
  }

  static void requireCount(String group, int count) {
    if (count < 0 || count > MAX_PROCESSES) {
      throw new IllegalArgumentException(
          "%d processes of %s are not in 0..%d".formatted(count, group, MAX_PROCESSES));
    }
  }

  /// What processes of a group are called: the role, or `coord` where several coordinators share one.
  static String shortName(String group) {
    return group.contains(",") ? "coord" : group;
  }

  /// Groups in the order of their start.
  List<String> startOrder() {
    return counts.keySet().stream().sorted((a, b) -> Integer.compare(rank(a), rank(b))).toList();
  }

  private static int rank(String group) {
    int node = NODES.indexOf(group);
    return node < 0 ? -1 : node;
  }

  Path output(String process) {
    return folder.resolve("logs").resolve(process + ".log");
  }

  Path configFile() {
    return folder.resolve("elanus.yaml");
  }
}
