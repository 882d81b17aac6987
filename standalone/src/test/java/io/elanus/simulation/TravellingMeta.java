package io.elanus.simulation;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.simulation.Chaos.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A process's way to the metastore: what a read or a watch says may be old when it arrives.
record TravellingMeta(MetaStore meta, Chaos chaos, SimulatedProcess process) implements MetaStore {
  @Override
  public Optional<MetaEntry> get(String key) {
    Optional<MetaEntry> entry = meta.get(key);
    chaos.travel(process);
    return entry;
  }

  @Override
  public MetaRange range(String prefix) {
    MetaRange range = meta.range(prefix);
    chaos.travel(process);
    return range;
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes) {
    return meta.commit(requestId, conditions, changes);
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    MetaWatch watch = meta.watch(prefix, after);
    return new MetaWatch() {
      @Override
      public List<MetaEvent> poll(Deadline deadline) {
        List<MetaEvent> events = watch.poll(deadline);
        if (!events.isEmpty()) {
          chaos.arrive(process, Fault.WATCH_STALLS);
        }
        return events;
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

  @Override
  public Lease lease(Duration ttl) {
    return meta.lease(ttl);
  }

  @Override
  public void close() {
    meta.close();
  }
}
