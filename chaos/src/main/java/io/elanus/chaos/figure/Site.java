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
record Site(Deployment deployment, Optional<Wires> wires) implements AutoCloseable {
  /// @param on `standalone`, or the name of a [Topology]
  /// @param folder for data, logs and histories
  /// @param change what a figure needs beside
  static Site open(String on, Path folder, UnaryOperator<Topology> change) {
    if (on.equals("standalone")) {
      return new Site(new StandaloneDeployment(Rounds.home(), folder), Optional.empty());
    }
    Topology topology = change.apply(Topology.named(on));
    Wires wires = new Wires(folder.resolve("cluster"), topology.metastore(), 1);
    Map<String, String> settings = new HashMap<>(topology.settings());
    settings.putAll(wires.settings());
    return new Site(
        new ClusterDeployment(Rounds.home(), folder, topology, settings), Optional.of(wires));
  }

  @Override
  public void close() {
    deployment.close();
    wires.ifPresent(Wires::close);
  }
}
