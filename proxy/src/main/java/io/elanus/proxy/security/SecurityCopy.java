package io.elanus.proxy.security;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.Watcher;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.security.Access;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.List;
import java.util.Optional;

/// Users, roles and grants, as this proxy has them. The watch of the metastore says that something changed, then all
/// of it is read again: it is small, and a copy of one instant is never wrong by the order of two changes.
///
/// A permission is given from the copy ([#current]): what was revoked through another proxy works until the watch
/// brings the news, and as long as the metastore cannot be reached. A refusal is made from a newer reading
/// ([#newest]), so what was granted works at once.
public final class SecurityCopy implements AutoCloseable {
  private record Copy(Access access, long revision) {}

  private final MetaStore metaStore;
  private final Coalescer<Boolean, Access> readings;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private Optional<Copy> copy = Optional.empty();

  public SecurityCopy(Run run, MetaStore metaStore) {
    this.metaStore = metaStore;
    this.readings = Coalescer.shared(run, "security", _ -> read());
    this.gate = run.gate();
    this.watcher = Watcher.start(run, metaStore, MetaKeys.SECURITY, new Following());
  }

  private final class Following implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      read();
    }

    @Override
    public void changed(List<MetaEvent> events) {
      read();
    }
  }

  /// As last heard of.
  ///
  /// @throws DbException `STORAGE_IO_FAILED`, `TIMEOUT` when nothing was heard yet, and the metastore cannot be asked
  public Access current(Deadline deadline) {
    return find().orElseGet(() -> readings.join(true, deadline));
  }

  /// As the metastore says now; as last heard of when it cannot be asked.
  public Access newest(Deadline deadline) {
    try {
      return readings.join(true, deadline);
    } catch (DbException e) {
      return find().orElseThrow(() -> e);
    }
  }

  private Optional<Access> find() {
    return gate.read(() -> copy.map(Copy::access));
  }

  private Access read() {
    MetaRange range = metaStore.range(MetaKeys.SECURITY);
    Copy read = new Copy(Access.of(SecurityCodec.state(range.entries())), range.revision());
    gate.change(() -> {
      if (copy.filter(known -> known.revision > read.revision).isEmpty()) {
        copy = Optional.of(read);
      }
    });
    return read.access;
  }

  @Override
  public void close() {
    watcher.close();
  }
}
