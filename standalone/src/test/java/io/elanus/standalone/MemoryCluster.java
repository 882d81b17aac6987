package io.elanus.standalone;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Processes as a cluster has them, each with ports of its own, in one JVM: the wiring is the real one,
/// what they share is in memory.
final class MemoryCluster implements AutoCloseable {
  private final Path folder;
  private final Closer closer = new Closer();
  private final AtomicInteger processes = new AtomicInteger();
  final Run run = new SystemRun();
  private final MemoryMetaStore meta = new MemoryMetaStore(run);
  private final MemoryWal wal = new MemoryWal(run, 4);
  private final MemoryObjectStore objects = new MemoryObjectStore(run);

  MemoryCluster(Path folder) {
    this.folder = folder;
  }

  /// A process, and the cord that ties it to what all share.
  record Member(RoleProcess process, AtomicBoolean cut) {
    /// As a kill looks to the others: no lease is renewed, nothing is committed any more.
    void cutOff() {
      cut.set(true);
    }
  }

  Member start(Role... roles) {
    return start(List.of(), roles);
  }

  /// @param settings `key=value`, beside those that every process here has
  Member start(List<String> settings, Role... roles) {
    Path own = folder.resolve("process-" + processes.incrementAndGet());
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "localStorage.path=" + own,
            "metastore.type=mysql",
            "mq.type=kafka",
            "common.storageType=remote",
            "minio.useIAM=true",
            "common.election.ttl=1s"));
    ProcessConfig config = Configs.process(all.toArray(String[]::new));
    AtomicBoolean cut = new AtomicBoolean();
    Backends mine =
        new Shared(
            meta.on(new Cut(cut)),
            wal.on(MemoryWal.Faults.NONE),
            objects.on(MemoryObjectStore.Faults.NONE));
    Set<Role> set = EnumSet.copyOf(Set.of(roles));
    return new Member(closer.add(RoleProcess.start(config, set, _ -> mine)), cut);
  }

  /// Without faults.
  ObjectStore objects() {
    return objects;
  }

  @Override
  public void close() {
    closer.close();
  }

  private record Shared(MetaStore meta, Wal wal, ObjectStore objects) implements Backends {
    @Override
    public void close() {
      meta.close();
    }
  }

  private record Cut(AtomicBoolean off) implements MemoryMetaStore.Faults {
    @Override
    public void beforeCommit(String requestId) {
      check();
    }

    @Override
    public void beforeRead(String keyOrPrefix) {
      check();
    }

    @Override
    public void beforeRenew() {
      check();
    }

    private void check() {
      if (off.get()) {
        throw ErrorCode.STORAGE_IO_FAILED.because("cut off");
      }
    }
  }
}
