package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Commit;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A number in the store that only grows. Whatever lies below it may have been given out, by this leader
/// or one before it; whatever lies at or above it was not. Used by one thread at a time.
final class HighWaterMark {
  private final Run run;
  private final MetaStore store;
  private final Leadership leadership;
  private final String key;
  private Condition unchanged;
  private long value;

  /// @param initial of a cluster that has no mark yet
  HighWaterMark(Run run, MetaStore store, Leadership leadership, String key, long initial) {
    this.run = run;
    this.store = store;
    this.leadership = leadership;
    this.key = key;
    this.unchanged = new Condition.Absent(key);
    this.value = initial;
    store.get(key).ifPresent(this::adopt);
  }

  long value() {
    return value;
  }

  /// Returns when the store holds `higher`.
  ///
  /// @throws DbException `LEADERSHIP_LOST`; `OUTCOME_UNKNOWN` when the thread was canceled
  void raise(long higher) {
    if (higher <= value) {
      throw new IllegalArgumentException("%s from %d to %d".formatted(key, value, higher));
    }
    leadership.check();
    byte[] text = Long.toString(higher).getBytes(StandardCharsets.US_ASCII);
    List<Condition> conditions = new ArrayList<>(leadership.guard());
    conditions.add(unchanged);
    String request = "%s/%d/%d".formatted(key, leadership.revision(), higher);
    Commit commit = new Commit(request, conditions, List.of(new Change.Put(key, text)));
    OptionalLong revision = commit.settle(run, store);
    if (revision.isEmpty()) {
      leadership.lose("%s was moved".formatted(key));
      throw leadership.lost();
    }
    adopt(new MetaEntry(key, text, revision.getAsLong()));
  }

  private void adopt(MetaEntry entry) {
    String text = new String(entry.value(), StandardCharsets.US_ASCII);
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new DbException(ErrorCode.CORRUPT, "%s is '%s'".formatted(key, text), e);
    }
    unchanged = new Condition.RevisionIs(key, entry.revision());
  }
}
