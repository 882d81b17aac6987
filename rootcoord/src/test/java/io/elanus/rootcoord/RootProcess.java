package io.elanus.rootcoord;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;

/// One simulated process that runs rootcoord.
record RootProcess(SimulatedRun world, SimulatedProcess process, RootCoordRole role) {
  static RootProcess start(
      SimulatedRun world, int id, MetaStore meta, Wal wal, ObjectStore objects) {
    SimulatedProcess process = world.process("root-" + id);
    Member self = new Member(new NodeId(id), RootCoordRole.NAME, "", "test");
    RootCoordPorts ports = new RootCoordPorts(process, meta, wal, objects);
    return new RootProcess(
        world, process, RootCoordRole.start(RootCoordConfig.DEFAULT, ports, self));
  }

  /// One that met no fault, and leads.
  static RootProcess leading(
      SimulatedRun world, int id, MemoryMetaStore meta, MemoryWal wal, ObjectStore objects) {
    RootProcess started =
        start(
            world,
            id,
            meta.on(MemoryMetaStore.Faults.NONE),
            wal.on(MemoryWal.Faults.NONE),
            objects);
    started.awaitLeading();
    return started;
  }

  void awaitLeading() {
    if (!role.awaitLeading(Deadline.after(world, Duration.ofSeconds(30)))) {
      throw new AssertionError(process.name() + " does not lead");
    }
  }

  RootCoordApi api() {
    return role.service();
  }

  void kill() {
    world.kill(process);
  }
}
