package io.elanus.standalone.rebuild;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Where timestamps, ids and epochs go on: above everything that left a trace, and above what may have been given
/// out without one.
///
/// @param timestamp, nextId as in `mark/timestamp`, `mark/id`
record Marks(long timestamp, long nextId) {
  /// Timestamps follow the clock and are persisted 2 s ahead; a clock that was set back shows in the traces.
  static final long TIMESTAMP_MARGIN = HybridTimestamp.of(Duration.ofMinutes(1).toMillis(), 0);

  /// Rows with assigned keys take ids that no manifest shows. Rootcoord exports the catalog again before 2^36 of them
  /// are given out; this is 16 times that.
  static final long ID_MARGIN = 1L << 40;

  /// Owners that committed nothing: one more for each restart of a datanode.
  static final long EPOCH_MARGIN = 1_000;

  static Marks above(Findings findings, long wallMillis) {
    return new Marks(
        Math.addExact(maxTimestamp(findings, wallMillis), TIMESTAMP_MARGIN),
        Math.addExact(maxId(findings), ID_MARGIN));
  }

  private static long maxTimestamp(Findings findings, long wallMillis) {
    LongStream found =
        Stream.of(
                LongStream.of(findings.export().timestamp(), HybridTimestamp.of(wallMillis, 0)),
                findings.records().mapToLong(FoundRecords::maxTimestamp),
                manifests(findings).mapToLong(Marks::newestVersion))
            .flatMapToLong(timestamps -> timestamps);
    return found.max().orElseThrow();
  }

  /// At or above the timestamp of every record that the manifest covers.
  private static long newestVersion(Manifest manifest) {
    return manifest.checkpoint().version();
  }

  private static long maxId(Findings findings) {
    LongStream found =
        LongStream.concat(
            LongStream.of(findings.export().nextId()),
            LongStream.concat(
                findings.snapshots().stream().mapToLong(Snapshot::id),
                manifests(findings).flatMapToLong(Marks::ids)));
    return found.max().orElseThrow();
  }

  private static LongStream ids(Manifest manifest) {
    return LongStream.concat(
        LongStream.of(manifest.attempt()),
        manifest.segments().stream().mapToLong((SegmentEntry segment) -> segment.id().value()));
  }

  private static Stream<Manifest> manifests(Findings findings) {
    return findings.shards().stream()
        .flatMap(shard -> shard.manifests().stream())
        .map(FoundManifest::manifest)
        .flatMap(Optional::stream);
  }
}
