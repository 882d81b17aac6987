package io.elanus.common.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.format.Damage;
import io.elanus.common.format.GoldenFile;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.wal.Position;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManifestCodecTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(451), 2);

  @Test
  void theGoldenFilesAreWrittenAndRead() {
    assertGolden("manifest-3-first.bin", first());
    assertGolden("manifest-3-full.bin", full(Optional.empty()));
    assertGolden("manifest-3-halted.bin", full(Optional.of(spill())));
    assertGolden("manifest-3-staged.bin", staged());
  }

  @Test
  void theSecondVersionIsRead() {
    assertThat(ManifestCodec.decode(new GoldenFile("manifest-2-first.bin").bytes()))
        .isEqualTo(first());
    assertThat(ManifestCodec.decode(new GoldenFile("manifest-2-full.bin").bytes()))
        .isEqualTo(full(Optional.empty()));
    assertThat(ManifestCodec.decode(new GoldenFile("manifest-2-halted.bin").bytes()))
        .isEqualTo(full(Optional.of(spill())));
    assertThat(ShardPointerCodec.decode(new GoldenFile("shard-pointer-2.bin").bytes()))
        .isEqualTo(pointer());
    assertThat(ShardPointerCodec.decode(new GoldenFile("shard-pointer-2-halted.bin").bytes()))
        .isEqualTo(haltedPointer());
  }

  @Test
  void segmentsOfAnEditComeBack() {
    List<SegmentEntry> segments = full(Optional.empty()).segments();

    assertThat(ManifestCodec.decodeSegments(ManifestCodec.encodeSegments(segments)))
        .isEqualTo(segments);
    Damage.assertNoticed(ManifestCodec.encodeSegments(segments), ManifestCodec::decodeSegments);
  }

  @Test
  void everyObjectOfAManifestIsNamed() {
    assertThat(staged().files().stream().map(file -> file.key().value()).distinct().count())
        .isEqualTo(staged().files().size());
    assertThat(staged().files())
        .containsAll(full(Optional.empty()).files())
        .contains(staged().staged().getFirst().segments().getFirst().file());
  }

  @Test
  void aHaltedShardNeedsTheLogFromTheEndOfItsSpill() {
    assertThat(full(Optional.empty()).covered()).isEqualTo(new Position(-3, 1000));
    assertThat(full(Optional.of(spill())).covered()).isEqualTo(new Position(-3, 1010));
    assertThat(pointer().isHalted()).isFalse();
    assertThat(haltedPointer().isHalted()).isTrue();
  }

  @Test
  void damageIsNoticed() {
    for (Manifest manifest : List.of(first(), full(Optional.of(spill())), staged(), slotted())) {
      Damage.assertNoticed(ManifestCodec.encode(manifest), ManifestCodec::decode);
    }
    Damage.assertNoticed(new GoldenFile("manifest-2-halted.bin").bytes(), ManifestCodec::decode);
  }

  @Test
  void randomManifestsComeBack() {
    Random random = new Random(20251120);
    for (int round = 0; round < 200; round++) {
      Manifest manifest = randomManifest(random);

      assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
    }
  }

  @Test
  void thePointersGoldenFileIsWrittenAndRead() {
    assertGolden("shard-pointer-3.bin", pointer());
    assertGolden("shard-pointer-3-halted.bin", haltedPointer());
    assertGolden("shard-pointer-3-swept.bin", pointer().swept(7, 123_456));
  }

  @Test
  void damageOfAPointerIsNoticed() {
    Damage.assertNoticed(ShardPointerCodec.encode(pointer()), ShardPointerCodec::decode);
    Damage.assertNoticed(ShardPointerCodec.encode(haltedPointer()), ShardPointerCodec::decode);
    Damage.assertNoticed(new GoldenFile("shard-pointer-2.bin").bytes(), ShardPointerCodec::decode);
  }

  private static void assertGolden(String name, Manifest manifest) {
    byte[] bytes = ManifestCodec.encode(manifest);
    new GoldenFile(name).assertWrites(bytes);
    assertThat(ManifestCodec.decode(bytes)).isEqualTo(manifest);
  }

  private static void assertGolden(String name, ShardPointer pointer) {
    byte[] bytes = ShardPointerCodec.encode(pointer);
    new GoldenFile(name).assertWrites(bytes);
    assertThat(ShardPointerCodec.decode(bytes)).isEqualTo(pointer);
  }

  private static ShardPointer haltedPointer() {
    ShardPointer p = pointer();
    return new ShardPointer(
        p.shard(),
        p.manifest(),
        p.version(),
        p.epoch(),
        p.checkpoint(),
        p.effectiveVersion(),
        p.horizon(),
        p.oldestReadable(),
        new Position(-3, 1010));
  }

  private static Manifest staged() {
    Manifest m = full(Optional.empty());
    Checkpoint c = m.checkpoint();
    SegmentEntry first = m.segments().getFirst();
    SegmentEntry merged =
        new SegmentEntry(
            new SegmentId(77),
            first.partition(),
            first.rowCount(),
            first.minVersion(),
            first.maxVersion(),
            c.horizon(),
            new FileRef(ObjectLayout.segment(SHARD, new SegmentId(77)), 4_096, 9),
            first.columns(),
            List.of());
    return with(
        m,
        new Checkpoint(
            c.position(),
            c.version(),
            c.ddlSequence(),
            c.horizon(),
            c.dropped(),
            c.writers(),
            List.of(new PartitionId(4), new PartitionId(2)),
            new Expiry(List.of(new Expiry.Step(60, 40), new Expiry.Step(90, 70))),
            List.of(),
            List.of(new MarkPoint(66, 77), new MarkPoint(99, 1L << 59))),
        List.of(new Staged(List.of(first.id()), List.of(merged))));
  }

  /// With slots of writes, which make it large.
  private static Manifest slotted() {
    Manifest m = first();
    Checkpoint c = m.checkpoint();
    return with(
        m,
        new Checkpoint(
            c.position(),
            c.version(),
            c.ddlSequence(),
            c.horizon(),
            c.dropped(),
            c.writers(),
            c.droppedPartitions(),
            c.expiry(),
            new Random(4).longs(Checkpoint.WRITE_SLOTS).boxed().toList(),
            c.marks()),
        m.staged());
  }

  private static Manifest with(Manifest m, Checkpoint checkpoint, List<Staged> staged) {
    return new Manifest(
        m.shard(),
        m.version(),
        m.epoch(),
        m.attempt(),
        m.parent(),
        checkpoint,
        m.segments(),
        m.deleteFiles(),
        m.recentEdits(),
        m.spill(),
        staged);
  }

  private static Spill spill() {
    FileRef file = new FileRef(ObjectLayout.spill(SHARD, 3), 77, 5);
    return new Spill(
        new Position(-3, 1010), "unknown kind 9", List.of(new SpillEntry(file, 4, 1000, 1008)));
  }

  private static ShardPointer pointer() {
    return new ShardPointer(
        SHARD,
        ObjectLayout.manifest(SHARD, 4, 9, 1),
        9,
        4,
        new Position(-3, 1000),
        1L << 60,
        77,
        8);
  }

  private static Manifest first() {
    return new Manifest(
        SHARD,
        1,
        1,
        0,
        Optional.empty(),
        Checkpoint.start(new Position(-3, 0)),
        List.of(),
        List.of(),
        List.of());
  }

  private static Manifest full(Optional<Spill> spill) {
    return new Manifest(
        SHARD,
        9,
        4,
        1,
        Optional.of(ObjectLayout.manifest(SHARD, 4, 8, 0)),
        new Checkpoint(
            new Position(-3, 1000), 1L << 60, 2, 77, true, List.of(new WriterWindow(5, 90, 3, 61))),
        List.of(
            new SegmentEntry(
                new SegmentId(12),
                new PartitionId(3),
                5000,
                10,
                20,
                15,
                new FileRef(ObjectLayout.segment(SHARD, new SegmentId(12)), 123_456, 0xcafebabe),
                List.of(new ColumnLocation(1, 64, 40_000), new ColumnLocation(101, 40_064, 80_000)),
                List.of(index(12)))),
        List.of(new DeleteFileEntry(new FileRef(ObjectLayout.deletes(SHARD, 7), 99, 1), 6, 18, 21)),
        List.of(-1L, 2L, 3L),
        spill);
  }

  private static IndexEntry index(long segment) {
    IndexId id = new IndexId(8);
    return new IndexEntry(
        id, 101, new FileRef(ObjectLayout.index(SHARD, new SegmentId(segment), id, 0), 5, -1));
  }

  private static Manifest randomManifest(Random random) {
    Supplier<FileRef> file =
        () ->
            new FileRef(
                ObjectLayout.deletes(SHARD, random.nextLong()),
                random.nextLong(),
                random.nextInt());
    return new Manifest(
        new ShardId(new CollectionId(random.nextLong()), random.nextInt()),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextBoolean() ? Optional.empty() : Optional.of(file.get().key()),
        new Checkpoint(
            new Position(random.nextLong(), random.nextLong()),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextBoolean(),
            some(random, 5, () -> randomWindow(random)),
            some(random, 5, () -> new PartitionId(random.nextLong())),
            new Expiry(
                some(
                    random,
                    3,
                    () -> {
                      long version = random.nextLong(1L << 60);
                      return new Expiry.Step(version, version - 1 - random.nextInt(1_000));
                    })),
            random.nextInt(4) > 0
                ? List.of()
                : random.longs(Checkpoint.WRITE_SLOTS).boxed().toList(),
            some(random, 3, () -> new MarkPoint(random.nextLong(), random.nextLong()))),
        some(random, 20, () -> randomSegment(random, file)),
        some(random, 5, () -> randomDeletes(random, file)),
        some(random, Manifest.RECENT_EDITS, random::nextLong),
        random.nextBoolean() ? Optional.empty() : Optional.of(randomSpill(random, file)),
        some(
            random,
            3,
            () ->
                new Staged(
                    some(random, 4, () -> new SegmentId(random.nextLong())),
                    some(random, 2, () -> randomSegment(random, file)))));
  }

  private static Spill randomSpill(Random random, Supplier<FileRef> file) {
    return new Spill(
        new Position(random.nextLong(), random.nextLong()),
        "reason " + random.nextInt(),
        some(
            random,
            5,
            () ->
                new SpillEntry(
                    file.get(), random.nextInt(), random.nextLong(), random.nextLong())));
  }

  private static WriterWindow randomWindow(Random random) {
    return new WriterWindow(
        random.nextLong(), random.nextLong(), random.nextLong() | 1, random.nextLong());
  }

  private static SegmentEntry randomSegment(Random random, Supplier<FileRef> file) {
    return new SegmentEntry(
        new SegmentId(random.nextLong()),
        new PartitionId(random.nextLong()),
        random.nextInt(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        file.get(),
        some(random, 10, () -> new ColumnLocation(random.nextLong(), random.nextLong(), 0)),
        some(random, 3, () -> index(random.nextLong())));
  }

  private static DeleteFileEntry randomDeletes(Random random, Supplier<FileRef> file) {
    return new DeleteFileEntry(file.get(), random.nextInt(), random.nextLong(), random.nextLong());
  }

  private static <T> List<T> some(Random random, int atMost, Supplier<T> element) {
    return Stream.generate(element).limit(random.nextInt(atMost + 1)).toList();
  }
}
