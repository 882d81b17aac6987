package io.elanus.proxy.write;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.run.Deadline;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.write.LogWriter.Appended;
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
  /// @param appended one for each draft, in their order
  record Done<P>(P prepared, long timestamp, List<Appended> appended) {}

  /// A collection changes when its user says so: more changes than this during one write are a fault.
  private static final int MAX_TRIES = 10;

  private final CollectionCache collections;
  private final Timestamps timestamps;
  private final LogWriter log;

  public ConfirmedWrite(CollectionCache collections, Timestamps timestamps, LogWriter log) {
    this.collections = collections;
    this.timestamps = timestamps;
    this.log = log;
  }

  <P extends Prepared> Done<P> run(Deadline deadline, Supplier<P> prepare) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      P prepared = prepare.get();
      Collection collection = prepared.collection();
      Timestamps.Stamp stamp = timestamps.confirm(collection.id(), deadline);
      if (stamp.collectionVersion() == collection.version()) {
        List<Appended> appended =
            log.append(collection, prepared.drafts(), stamp.timestamp(), deadline);
        return new Done<>(prepared, stamp.timestamp(), appended);
      }
      collections.forget(collection.id());
    }
    throw ErrorCode.SERVICE_UNAVAILABLE.because(
        "the collection changed %d times while it was written to: %s",
        MAX_TRIES, ErrorCode.SERVICE_UNAVAILABLE.text());
  }
}
