package io.elanus.datacoord;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which segments of a shard are to become one, and which are to lose rows that nobody sees. Pure, and the same
/// for the same manifest.
///
/// ```
///  sizes in MiB    3  3  2  5 | 30  28 | 900        fan-in 4, target 1024
///  tiers           4x smaller | larger |
///  jobs            [3 3 2 5]                         30, 28 wait for two more of their kind
/// ```
/// Each row is written again once per tier, so about log4(target / flush) times. A segment whose rows are
/// expired goes without being read; one with many deleted or expired rows is written anew by itself.
///
/// What is removed for good is what no read from the shard's horizon on sees: with a horizon that a pin holds
/// down, deletes above it count as if they were not there.
record CompactionPlan(CompactionLimits limits) {
  /// Segments below this are all of one tier.
  static final long LOWEST_TIER_BYTES = 4L << 20;

  /// Files that a job maps at once.
  static final int MAX_INPUTS = 128;

  /// How much larger the segments of the next tier are.
  private static final int TIER_FACTOR = 4;

  /// Segments of one partition that become one segment, or none.
  ///
  /// @param inputs by ascending id
  record Task(ShardId shard, PartitionId partition, List<SegmentId> inputs)
      implements JobBoard.Work {
    Task {
      inputs = inputs.stream().sorted().toList();
    }

    static Task of(ShardId shard, List<SegmentEntry> segments) {
      return new Task(
          shard, segments.getFirst().partition(), segments.stream().map(SegmentEntry::id).toList());
    }
  }

  /// What somebody asks for by hand.
  ///
  /// @param targetBytes as in [CompactionLimits]
  /// @param partition empty: all
  /// @param purgeOnly small segments are left alone
  /// @param rowsSay until when they live, so that any segment may have some to lose
  record Demand(
      long targetBytes, Optional<PartitionId> partition, boolean purgeOnly, boolean rowsSay) {}

  /// What is worth doing by itself.
  ///
  /// @param busy tasks whose segments are not to be touched
  List<Task> plan(Manifest manifest, Collection<Task> busy) {
    Draft draft = new Draft(manifest, busy);
    draft.dropExpired();
    for (List<SegmentEntry> partition : draft.partitions()) {
      tiers(partition).values().forEach(tier -> mergeTier(draft, tier));
    }
    draft.free().stream().filter(s -> isWorthPurging(manifest, s)).forEach(draft::alone);
    return draft.tasks;
  }

  /// Everything that can be done at all.
  List<Task> all(Manifest manifest, Collection<Task> busy, Demand demand) {
    Draft draft = new Draft(manifest, busy);
    draft.dropExpired();
    if (!demand.purgeOnly()) {
      draft.partitions().forEach(partition -> pack(draft, partition, demand.targetBytes()));
    }
    draft.free().stream()
        .filter(segment ->
            goneShare(manifest, segment) > 0 || demand.rowsSay() && isBehind(manifest, segment))
        .forEach(draft::alone);
    return draft.tasks.stream()
        .filter(task -> demand.partition().map(p -> p.equals(task.partition())).orElse(true))
        .toList();
  }

  /// Whether the manifest still has everything that a task needs, and nothing is staged for it.
  static boolean isPossible(Manifest manifest, Task task) {
    Set<SegmentId> there = new HashSet<>();
    manifest.segments().forEach(segment -> there.add(segment.id()));
    return there.containsAll(task.inputs())
        && manifest.staged().stream()
            .noneMatch(batch -> batch.replaces().stream().anyMatch(task.inputs()::contains));
  }

  private SortedMap<Integer, List<SegmentEntry>> tiers(List<SegmentEntry> partition) {
    SortedMap<Integer, List<SegmentEntry>> tiers = new TreeMap<>();
    for (SegmentEntry segment : partition) {
      tiers.computeIfAbsent(tier(segment), _ -> new ArrayList<>()).add(segment);
    }
    return tiers;
  }

  private static int tier(SegmentEntry segment) {
    int tier = 0;
    for (long bytes = segment.file().sizeBytes();
        bytes >= LOWEST_TIER_BYTES;
        bytes /= TIER_FACTOR) {
      tier++;
    }
    return tier;
  }

  /// Full groups, and those of fan-in segments or more.
  private void mergeTier(Draft draft, List<SegmentEntry> tier) {
    for (Group group : groups(tier, limits.targetBytes())) {
      if (group.segments.size() >= limits.fanIn() || group.full && group.segments.size() > 1) {
        draft.add(group.segments);
      }
    }
  }

  private void pack(Draft draft, List<SegmentEntry> partition, long targetBytes) {
    groups(partition, targetBytes).stream()
        .filter(group -> group.segments.size() > 1)
        .forEach(group -> draft.add(group.segments));
  }

  /// @param full that the next segment would have been too much
  private record Group(List<SegmentEntry> segments, boolean full) {}

  /// From the smallest on, as many as make one segment.
  private List<Group> groups(List<SegmentEntry> segments, long targetBytes) {
    List<Group> groups = new ArrayList<>();
    List<SegmentEntry> group = new ArrayList<>();
    long bytes = 0;
    long rows = 0;
    for (SegmentEntry segment : segments) {
      long size = segment.file().sizeBytes();
      if (bytes + size > targetBytes
          || rows + segment.rowCount() > limits.maxRows()
          || group.size() == MAX_INPUTS) {
        groups.add(new Group(group, true));
        group = new ArrayList<>();
        bytes = 0;
        rows = 0;
      }
      group.add(segment);
      bytes += size;
      rows += segment.rowCount();
    }
    groups.add(new Group(group, false));
    return groups;
  }

  /// Whether time has passed since rows were taken from it.
  private static boolean isBehind(Manifest manifest, SegmentEntry segment) {
    return segment.appliedThrough() < manifest.checkpoint().horizon();
  }

  private boolean isWorthPurging(Manifest manifest, SegmentEntry segment) {
    double share = goneShare(manifest, segment);
    return share > 0 && share >= limits.goneShare();
  }

  /// An estimate: deletes are thought to be spread evenly over all segments that have not applied them, and
  /// rows over time.
  private static double goneShare(Manifest manifest, SegmentEntry segment) {
    return Math.min(1, deletedShare(manifest, segment) + expiredShare(manifest, segment));
  }

  private static double deletedShare(Manifest manifest, SegmentEntry segment) {
    long horizon = manifest.checkpoint().horizon();
    double share = 0;
    for (var file : manifest.deleteFiles()) {
      if (file.maxVersion() <= horizon && concerns(file.maxVersion(), segment)) {
        long rows =
            manifest.segments().stream()
                .filter(other -> concerns(file.maxVersion(), other))
                .mapToLong(SegmentEntry::rowCount)
                .sum();
        share += (double) file.deleteCount() / rows;
      }
    }
    return share;
  }

  private static boolean concerns(long maxVersion, SegmentEntry segment) {
    return segment.appliedThrough() < maxVersion && segment.minVersion() < maxVersion;
  }

  private static double expiredShare(Manifest manifest, SegmentEntry segment) {
    long through = expiredThrough(manifest);
    if (segment.minVersion() > through) {
      return 0;
    }
    double millis =
        HybridTimestamp.millis(segment.maxVersion()) - HybridTimestamp.millis(segment.minVersion());
    double gone = HybridTimestamp.millis(through) - HybridTimestamp.millis(segment.minVersion());
    return Math.clamp(gone / Math.max(1, millis), 1e-9, 1);
  }

  private static long expiredThrough(Manifest manifest) {
    Checkpoint checkpoint = manifest.checkpoint();
    return checkpoint.expiry().through(checkpoint.horizon());
  }

  /// What is still free of a manifest's segments, and what is to be done with the others.
  private static final class Draft {
    private final Manifest manifest;
    private final Set<SegmentId> taken = new HashSet<>();
    private final List<Task> tasks = new ArrayList<>();

    Draft(Manifest manifest, Collection<Task> busy) {
      this.manifest = manifest;
      busy.forEach(task -> taken.addAll(task.inputs()));
      manifest.staged().forEach(batch -> taken.addAll(batch.replaces()));
    }

    List<SegmentEntry> free() {
      return manifest.segments().stream().filter(segment -> !taken.contains(segment.id())).toList();
    }

    /// Smallest first.
    List<List<SegmentEntry>> partitions() {
      SortedMap<Long, List<SegmentEntry>> partitions = new TreeMap<>();
      free().stream()
          .sorted(
              Comparator.comparingLong((SegmentEntry segment) -> segment.file().sizeBytes())
                  .thenComparing(SegmentEntry::id))
          .forEach(segment ->
              partitions
                  .computeIfAbsent(segment.partition().value(), _ -> new ArrayList<>())
                  .add(segment));
      return List.copyOf(partitions.values());
    }

    /// Of each partition all segments without a row that is not expired.
    void dropExpired() {
      long through = expiredThrough(manifest);
      for (List<SegmentEntry> partition : partitions()) {
        List<SegmentEntry> expired =
            partition.stream().filter(segment -> segment.maxVersion() <= through).toList();
        if (!expired.isEmpty()) {
          add(expired);
        }
      }
    }

    void alone(SegmentEntry segment) {
      add(List.of(segment));
    }

    void add(List<SegmentEntry> segments) {
      Task task = Task.of(manifest.shard(), segments);
      taken.addAll(task.inputs());
      tasks.add(task);
    }
  }
}
