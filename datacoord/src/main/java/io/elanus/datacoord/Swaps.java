package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.Staged;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.proto.internal.SwapEdit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has staged segments take the place of those they were made of, as soon as they have their index files:
/// so reads never lose an index.
final class Swaps implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Swaps.class);

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  private final ShardOwners owners;
  private final LongSupplier freshId;
  private final IndexPlan indexPlan;
  private final Gate gate;

  // guarded by gate
  private final Map<ShardId, List<Staged>> ready = new TreeMap<>();

  private final Ticker ticker;

  Swaps(Run run, ShardOwners owners, LongSupplier freshId, IndexPlan indexPlan) {
    this.owners = owners;
    this.freshId = freshId;
    this.indexPlan = indexPlan;
    this.gate = run.gate();
    this.ticker = Ticker.start(run, "swaps", SAFETY_NET, this::round);
  }

  /// The newest manifest of a shard, and the indexes its collection has now.
  void plan(Manifest newest, List<IndexDefinition> indexes) {
    List<Staged> whole =
        newest.staged().stream().filter(batch -> hasIndexes(batch, indexes)).toList();
    gate.change(
        () -> whole.isEmpty() ? ready.remove(newest.shard()) : ready.put(newest.shard(), whole));
    if (!whole.isEmpty()) {
      ticker.wake();
    }
  }

  void remove(ShardId shard) {
    gate.change(() -> ready.remove(shard));
  }

  private boolean hasIndexes(Staged batch, List<IndexDefinition> indexes) {
    return batch.segments().stream()
        .allMatch(segment -> indexes.stream().noneMatch(i -> indexPlan.isMissing(segment, i)));
  }

  @Override
  public void close() {
    ticker.close();
  }

  private void round() {
    List<Map.Entry<ShardId, List<Staged>>> todo =
        gate.read(() -> new ArrayList<>(new TreeMap<>(ready).entrySet()));
    Optional<DbException> failed = Optional.empty();
    for (Map.Entry<ShardId, List<Staged>> one : todo) {
      try {
        one.getValue().forEach(batch -> swap(one.getKey(), batch));
        gate.change(() -> ready.remove(one.getKey(), one.getValue()));
      } catch (DbException e) {
        failed = Optional.of(e); // of a shard whose owner is away: the others need not wait for it
      }
    }
    if (failed.isPresent()) {
      throw failed.get();
    }
  }

  /// What is refused is not staged any more, or waits for another manifest.
  private void swap(ShardId shard, Staged batch) {
    SubmitEditResponse answer =
        owners
            .of(shard)
            .submitEdit(
                SubmitEditRequest.newBuilder()
                    .setEditId(freshId.getAsLong())
                    .setCollectionId(shard.collection().value())
                    .setShard(shard.index())
                    .addSwaps(
                        SwapEdit.newBuilder()
                            .addAllRemovedIds(
                                batch.replaces().stream().map(SegmentId::value).toList()))
                    .build());
    log.info(
        "segments swapped shard={} removed={} committed={} reason={}",
        shard,
        batch.replaces(),
        answer.getCommitted(),
        answer.getReason());
  }
}
