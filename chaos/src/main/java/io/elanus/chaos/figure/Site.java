package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Wires;
import io.elanus.chaos.system.ClusterDeployment;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.StandaloneDeployment;
import io.elanus.chaos.system.Topology;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A deployment, and the proxies between its processes where there are some.
///
/// @param data where it keeps what it has
record Site(Deployment deployment, Optional<Wires> wires, Path data) implements AutoCloseable {
  /// @param on `standalone`, or the name of a [Topology]
  /// @param folder for logs and histories, and for data when nothing else is said
  /// @param data of a standalone server
  /// @param change what a figure needs beside
  static Site open(String on, Path folder, Optional<Path> data, UnaryOperator<Topology> change) {
    if (on.equals("standalone")) {
      Path own = data.orElse(folder.resolve("data"));
      return new Site(new StandaloneDeployment(Rounds.home(), folder, own), Optional.empty(), own);
    }
    Topology topology = change.apply(Topology.named(on));
    Wires wires = new Wires(folder.resolve("cluster"), topology.metastore(), 1);
    Map<String, String> settings = new HashMap<>(topology.settings());
    settings.putAll(wires.settings());
    return new Site(
        new ClusterDeployment(Rounds.home(), folder, topology, settings),
        Optional.of(wires),
        folder);
  }

  @Override
  public void close() {
    deployment.close();
    wires.ifPresent(Wires::close);
  }
}
