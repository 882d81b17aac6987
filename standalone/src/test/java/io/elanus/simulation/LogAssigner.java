package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Stands in for datacoord's placement of logs: gives every log whose owner is not registered to one that
/// is. Any number of them may run; each commit is conditional on what it was decided by.
final class LogAssigner implements AutoCloseable {
  private final Run run;
  private final MetaStore meta;
  private final int logCount;
  private final Ticker ticker;

  LogAssigner(Run run, MetaStore meta, int logCount) {
    this.run = run;
    this.meta = meta;
    this.logCount = logCount;
    this.ticker = Ticker.start(run, "assign logs", Duration.ofMillis(300), this::assign);
  }

  private void assign() {
    String prefix = MetaKeys.nodes("datanode");
    List<Long> nodes =
        meta.range(prefix).entries().stream()
            .map(entry -> Long.parseLong(entry.key().substring(prefix.length())))
            .toList();
    for (int i = 0; i < logCount && !nodes.isEmpty(); i++) {
      assign(new LogId(i), nodes);
    }
  }

  private void assign(LogId log, List<Long> nodes) {
    String key = MetaKeys.owner(log);
    Optional<MetaEntry> entry = meta.get(key);
    Optional<OwnerMeta> owner = entry.map(e -> CatalogCodec.parse(e, OwnerMeta.parser()));
    if (owner.isPresent() && nodes.contains(owner.get().getNodeId())) {
      return;
    }
    OwnerMeta next =
        OwnerMeta.newBuilder()
            .setNodeId(nodes.get(run.random().nextInt(nodes.size())))
            .setEpoch(owner.map(OwnerMeta::getEpoch).orElse(0L) + 1)
            .build();
    Condition unchanged =
        entry
            .<Condition>map(e -> new Condition.RevisionIs(key, e.revision()))
            .orElseGet(() -> new Condition.Absent(key));
    meta.commit(
        "assign/%016x".formatted(run.random().nextLong()),
        List.of(unchanged),
        List.of(new Change.Put(key, next.toByteArray())));
  }

  @Override
  public void close() {
    ticker.close();
  }
}
