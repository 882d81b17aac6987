package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Wires;
import io.elanus.chaos.system.ClusterDeployment;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.StandaloneDeployment;
import io.elanus.chaos.system.Topology;
import io.elanus.chaos.system.VolatileDisk;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A deployment, and the proxies between its processes where there are some.
///
/// @param data where it keeps what it has
/// @param disk that it stands on, if it has one of its own
record Site(Deployment deployment, Optional<Wires> wires, Path data, Optional<VolatileDisk> disk)
    implements AutoCloseable {
  private Site(Deployment deployment, Optional<Wires> wires, Path data) {
    this(deployment, wires, data, Optional.empty());
  }

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

  Site over(VolatileDisk disk) {
    return new Site(deployment, wires, data, Optional.of(disk));
  }

  @Override
  public void close() {
    deployment.close();
    wires.ifPresent(Wires::close);
    disk.ifPresent(VolatileDisk::close);
  }
}
