package io.elanus.standalone.rebuild;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Commit;
import io.elanus.common.meta.Incarnation;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes a plan in as many commits as it takes. While it writes, `cluster/rebuild` holds who does: no coordinator is
/// elected, and a second rebuild is refused. The last commit removes it and begins the new incarnation.
///
/// A rebuild that was interrupted left its mark, and what it wrote is nobody's: the next one removes it and begins
/// anew.
final class RebuildWriter {
  /// Within the store's limits, with room for the condition and the mark.
  private static final int MAX_CHANGES = 64;

  private static final int MAX_BYTES = MetaStore.MAX_COMMIT_BYTES - (64 << 10);

  private final Run run;
  private final MetaStore meta;
  private final long incarnation;
  private int commits;

  /// @param incarnation drawn for this rebuild
  RebuildWriter(Run run, MetaStore meta, long incarnation) {
    this.run = run;
    this.meta = meta;
    this.incarnation = incarnation;
  }

  /// Removes what is there and writes `changes`.
  ///
  /// @throws io.elanus.common.error.DbException `LEADERSHIP_LOST` when another rebuild began meanwhile
  void write(List<Change> changes) {
    Condition mine = begin();
    List<MetaEntry> found = meta.range("").entries(); // after it is ours
    Set<String> written = changes.stream().map(Change::key).collect(Collectors.toSet());
    List<Change> all = new ArrayList<>();
    found.stream()
        .map(MetaEntry::key)
        .filter(key -> !written.contains(key) && !key.equals(MetaKeys.REBUILD))
        .forEach(key -> all.add(new Change.Remove(key)));
    all.addAll(changes);
    batches(all).forEach(batch -> commit(mine, batch));
    commit(
        mine,
        List.of(
            new Change.Put(MetaKeys.INCARNATION, Incarnation.encode(incarnation)),
            new Change.Remove(MetaKeys.REBUILD)));
  }

  /// @return holds while nobody else rebuilds
  private Condition begin() {
    Condition asFound =
        meta.get(MetaKeys.REBUILD)
            .<Condition>map(e -> new Condition.RevisionIs(MetaKeys.REBUILD, e.revision()))
            .orElseGet(() -> new Condition.Absent(MetaKeys.REBUILD));
    byte[] name = Long.toHexString(incarnation).getBytes(StandardCharsets.US_ASCII);
    long revision = commit(asFound, List.of(new Change.Put(MetaKeys.REBUILD, name)));
    return new Condition.RevisionIs(MetaKeys.REBUILD, revision);
  }

  private long commit(Condition condition, List<Change> batch) {
    commits++;
    String request = "rebuild/%x/%d".formatted(incarnation, commits);
    OptionalLong revision = new Commit(request, List.of(condition), batch).settle(run, meta);
    return revision.orElseThrow(
        () -> ErrorCode.LEADERSHIP_LOST.because("somebody else rebuilds the metastore"));
  }

  private static List<List<Change>> batches(List<Change> changes) {
    List<List<Change>> batches = new ArrayList<>();
    List<Change> batch = new ArrayList<>();
    long bytes = 0;
    for (Change change : changes) {
      long size = size(change);
      if (batch.size() == MAX_CHANGES || (bytes + size > MAX_BYTES && !batch.isEmpty())) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(change);
      bytes += size;
    }
    batches.add(batch);
    return batches;
  }

  private static long size(Change change) {
    return switch (change) {
      case Change.Put put -> put.key().length() + put.value().length;
      case Change.PutLeased put -> put.key().length() + put.value().length;
      case Change.Remove remove -> remove.key().length();
    };
  }
}
