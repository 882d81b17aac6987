package io.elanus.proxy.write;

import io.elanus.common.model.Collection;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proxy.catalog.CollectionCache;
import java.util.List;
import java.util.function.Supplier;

/// Prepares a write, confirms that its collection is still what it was prepared for, appends. A collection
/// that has changed in between is looked up and prepared for anew.
public final class ConfirmedWrite {
  /// A write made against one version of a collection.
  interface Prepared {
    Collection collection();

    List<Draft> drafts();
  }

  /// @param timestamp its records carry
  record Done<P>(P prepared, long timestamp) {}

  private final Run run;
  private final CollectionCache collections;
  private final Timestamps timestamps;
  private final LogWriter log;

  public ConfirmedWrite(
      Run run, CollectionCache collections, Timestamps timestamps, LogWriter log) {
    this.run = run;
    this.collections = collections;
    this.timestamps = timestamps;
    this.log = log;
  }

  <P extends Prepared> Done<P> run(Deadline deadline, Supplier<P> prepare) {
    while (true) {
      P prepared = prepare.get();
      Collection collection = prepared.collection();
      Timestamps.Stamp stamp = timestamps.confirm(collection.id(), deadline);
      if (stamp.collectionVersion() == collection.version()) {
        log.append(collection, prepared.drafts(), stamp.timestamp(), deadline);
        return new Done<>(prepared, stamp.timestamp());
      }
      collections.forget(collection.id());
      deadline.check(run, "a steady version of collection " + collection.name());
    }
  }
}
