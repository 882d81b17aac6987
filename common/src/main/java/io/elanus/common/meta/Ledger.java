package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The commits of one coordinator in one term. Each increments the coordinator's sequence key and holds
/// only while the leadership does, so commits of two leaders never interleave: the second one's first
/// commit is based on all of the first one's. Used by one thread at a time.
public final class Ledger {
  /// Entries of a commit that the guard and the sequence key take.
  private static final int OWN_ENTRIES = 4;

  /// Changes and conditions a caller may put into one commit, and their bytes.
  static final int MAX_ENTRIES = MetaStore.MAX_COMMIT_ENTRIES - OWN_ENTRIES;

  static final int MAX_BYTES = MetaStore.MAX_COMMIT_BYTES - 4_096;

  private final Run run;
  private final MetaStore store;
  private final Leadership leadership;
  private final String role;
  private final String key;
  private Optional<MetaEntry> newest;
  private long sequence;

  public Ledger(Run run, MetaStore store, Leadership leadership, String role) {
    this.run = run;
    this.store = store;
    this.leadership = leadership;
    this.role = role;
    this.key = MetaKeys.sequence(role);
    this.newest = store.get(key);
    this.sequence = newest.map(entry -> Long.parseLong(text(entry))).orElse(0L);
  }

  public Leadership leadership() {
    return leadership;
  }

  /// Commits `changes` if `conditions` and the guard hold.
  ///
  /// @return false when one of `conditions` did not hold: nothing was changed
  /// @throws DbException `LEADERSHIP_LOST`: nothing was changed; `OUTCOME_UNKNOWN` when that is not sure
  public boolean commit(List<Condition> conditions, List<Change> changes) {
    leadership.check();
    if (conditions.isEmpty()) {
      requireCommitted(changes);
      return true;
    }
    boolean holds = tryCommit("/if", conditions, changes);
    if (!holds) {
      fence();
    }
    return holds;
  }

  /// After a conflict: was it a condition of the caller, or our guard? And may an earlier try of the same
  /// commit, of which we know nothing, still be on its way? Taking the sequence number it needs
  /// answers both.
  private void fence() {
    try {
      requireCommitted(List.of());
    } catch (DbException e) {
      throw new DbException(ErrorCode.OUTCOME_UNKNOWN, "a conditional commit met a takeover", e);
    }
  }

  private void requireCommitted(List<Change> changes) {
    if (!tryCommit("", List.of(), changes)) {
      leadership.lose("a commit was refused");
      throw leadership.lost();
    }
  }

  private boolean tryCommit(String suffix, List<Condition> conditions, List<Change> changes) {
    byte[] next = Long.toString(sequence + 1).getBytes(StandardCharsets.US_ASCII);
    List<Condition> all = new ArrayList<>(leadership.guard());
    all.add(unchanged());
    all.addAll(conditions);
    List<Change> writes = new ArrayList<>(changes);
    writes.add(new Change.Put(key, next));
    String request = "%s/%d/%d%s".formatted(role, leadership.revision(), sequence + 1, suffix);
    OptionalLong revision = new Commit(request, all, writes).settle(run, store);
    revision.ifPresent(at -> advance(next, at));
    return revision.isPresent();
  }

  private void advance(byte[] value, long revision) {
    newest = Optional.of(new MetaEntry(key, value, revision));
    sequence++;
  }

  private Condition unchanged() {
    return newest
        .<Condition>map(entry -> new Condition.RevisionIs(key, entry.revision()))
        .orElseGet(() -> new Condition.Absent(key));
  }

  private static String text(MetaEntry entry) {
    return new String(entry.value(), StandardCharsets.US_ASCII);
  }
}
