package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.internal.DropSnapshotRequest;
import io.elanus.proto.internal.RestoreSnapshotRequest;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Takes snapshots of the collection that is there all the time, drops some of them, and has others restored. What they
/// hold, and what is made of them, is checked where it is committed.
final class Archivist {
  /// Collections made of a snapshot: each has as many shards as the other one.
  private static final int MAX_COPIES = 3;

  private final SimulatedCluster cluster;
  private final SimulatedProcess process;
  private final Peers peers;
  private final RandomGenerator random;
  private final List<String> names = new ArrayList<>();
  private int taken;
  private int copies;

  Archivist(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.process = cluster.world().process("archivist");
    this.peers = cluster.peers(process);
    this.random = cluster.world().random();
  }

  SimulatedProcess process() {
    return process;
  }

  /// Until `end`, on the clock of the world.
  void work(long end) {
    while (cluster.world().nanoTime() < end) {
      process.sleep(Duration.ofMillis(random.nextInt(50, 1_500)));
      tried(this::step);
    }
    tried(this::restore); // what is under way when the faults stop has to end well
  }

  private static void tried(Runnable step) {
    try {
      step.run();
    } catch (DbException _) {
      // taken or not, dropped or not: what is there is right
    }
  }

  private void step() {
    int choice = names.isEmpty() ? 0 : random.nextInt(4);
    if (choice <= 1) {
      take("s" + ++taken);
    } else if (choice == 2) {
      drop(names.remove(random.nextInt(names.size())));
    } else {
      restore();
    }
  }

  private void restore() {
    if (copies < MAX_COPIES && !names.isEmpty()) {
      restore(names.get(random.nextInt(names.size())), "copy" + ++copies);
    }
  }

  private long collection() {
    return cluster.manifests().collection().id().value();
  }

  private void take(String name) {
    names.add(name);
    cluster.manifests().asked(name);
    peers
        .dataCoord()
        .takeSnapshot(
            TakeSnapshotRequest.newBuilder().setCollectionId(collection()).setName(name).build());
  }

  private void drop(String name) {
    peers
        .dataCoord()
        .dropSnapshot(
            DropSnapshotRequest.newBuilder().setCollectionId(collection()).setName(name).build());
  }

  private void restore(String name, String copy) {
    peers
        .dataCoord()
        .restoreSnapshot(
            RestoreSnapshotRequest.newBuilder()
                .setCollectionId(collection())
                .setName(name)
                .setTargetDatabase("default")
                .setTargetName(copy)
                .build());
  }
}
