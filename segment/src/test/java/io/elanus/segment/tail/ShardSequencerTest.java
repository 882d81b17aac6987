package io.elanus.segment.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.segment.Samples;
import io.elanus.segment.tail.Verdict.Applied;
import io.elanus.segment.tail.Verdict.Ignored;
import io.elanus.segment.tail.Verdict.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardSequencerTest {
  private static final Position START = new Position(1, 0);

  private final ShardSequencer sequencer = new ShardSequencer(Checkpoint.start(START), Samples.KEY);

  private static LogRecord record(long writer, long sequence, int attempt, long timestamp) {
    RecordHeader header =
        new RecordHeader(Samples.SHARD, writer, sequence, attempt, timestamp, 1, 0);
    var keys = Samples.keys(Samples.schema(io.elanus.common.model.DataType.INT64, 2), 1);
    return new LogRecord.Delete(header, keys, Optional.empty(), Optional.empty());
  }

  private static LogRecord drop(long ddlSequence) {
    return new LogRecord.DropCollection(
        new RecordHeader(Samples.SHARD, 9, 0, 0, 50, 1, ddlSequence));
  }

  private void assertApplied(LogRecord record, long version) {
    assertThat(sequencer.accept(record)).isEqualTo(new Applied(version));
  }

  private void assertIgnored(LogRecord record, Reason reason) {
    assertThat(sequencer.accept(record)).isEqualTo(new Ignored(reason));
  }

  @Test
  void versionsAreTimestampsMadeToAscend() {
    assertApplied(record(1, 1, 0, 10), 10);
    assertApplied(record(2, 1, 0, 6), 11);
    assertApplied(record(3, 1, 0, 9), 12);
    assertApplied(record(1, 2, 0, 100), 100);
  }

  @Test
  void barriersAndRepeatsTakeNoVersion() {
    assertApplied(record(1, 1, 0, 10), 10);
    assertIgnored(record(1, 1, 1, 10), Reason.REPEATED);
    assertIgnored(
        new LogRecord.Barrier(new RecordHeader(Samples.SHARD, 1, 2, 0, 90, 1, 0)), Reason.BARRIER);
    assertApplied(record(1, 2, 0, 10), 11);
  }

  @Test
  void withinTheWindowAppendsMayComeInAnyOrderOnce() {
    assertApplied(record(1, 64, 0, 10), 10);
    assertApplied(record(1, 1, 0, 10), 11);
    assertIgnored(record(1, 1, 0, 10), Reason.REPEATED);
    assertApplied(record(1, 65, 0, 10), 12);
    assertIgnored(record(1, 1, 0, 10), Reason.REPEATED);
    assertApplied(record(1, 2, 0, 10), 13);
    assertIgnored(record(1, 64, 0, 10), Reason.REPEATED);
    assertApplied(record(1, 1000, 0, 10), 14);
    assertIgnored(record(1, 66, 0, 10), Reason.REPEATED);
    assertApplied(record(1, 937, 0, 10), 15);
  }

  @Test
  void hoursLaterARepeatIsStillOne() {
    long later = HybridTimestamp.of(Duration.ofHours(5).toMillis(), 0);
    assertApplied(record(1, 1, 1, 10), 10);
    assertApplied(record(2, 1, 0, later), later);

    assertIgnored(record(1, 1, 0, 10), Reason.REPEATED);
    assertApplied(record(1, 2, 0, 11), later + 1);
  }

  @Test
  void whoWroteLeastRecentlyIsForgottenForANewWriter() {
    for (int writer = 1; writer <= ShardSequencer.MAX_WRITERS; writer++) {
      assertApplied(record(writer, 1, 0, 10), 9 + writer);
    }
    long version = 9 + ShardSequencer.MAX_WRITERS;
    assertApplied(record(1, 2, 0, 10), ++version);
    assertIgnored(record(2, 1, 1, 10), Reason.REPEATED);

    assertApplied(record(5_000, 1, 0, 10), ++version);

    assertThat(sequencer.checkpoint(START, 0).writers()).hasSize(ShardSequencer.MAX_WRITERS);
    assertIgnored(record(1, 1, 1, 10), Reason.REPEATED);
    assertIgnored(record(3, 1, 1, 10), Reason.REPEATED);
    assertApplied(record(2, 1, 1, 10), ++version);
  }

  private static LogRecord partial(long sequence, int key, long readAt) {
    RecordHeader header = new RecordHeader(Samples.SHARD, 7, sequence, 0, 10, 1, 0);
    var schema = Samples.schema(io.elanus.common.model.DataType.INT64, 2);
    var keys = Samples.keys(schema, key);
    return new LogRecord.Upsert(
        header,
        Samples.PARTITION,
        keys,
        Samples.rows(schema, keys, new Random(1)),
        Optional.of(readAt));
  }

  @Test
  void aPartialUpsertIsRefusedWhenItsKeyWasWrittenSinceItRead() {
    assertApplied(record(1, 1, 0, 10), 10);
    assertIgnored(partial(1, 2, 9), Reason.CONFLICT);
    assertApplied(partial(2, 2, 10), 11);
    assertApplied(partial(3, 1, 10), 12);
    assertIgnored(partial(4, 1, 11), Reason.CONFLICT);
    assertIgnored(partial(4, 1, 11), Reason.CONFLICT);
    assertApplied(record(1, 2, 0, 10), 13);
    assertIgnored(partial(5, 1, 12), Reason.CONFLICT);
    assertApplied(partial(6, 1, 13), 14);
    assertIgnored(partial(6, 1, 13), Reason.REPEATED);
    assertApplied(partial(7, 3, 10), 15);
    assertApplied(new LogRecord.Truncate(new RecordHeader(Samples.SHARD, 0, 1, 0, 10, 1, 1)), 16);
    assertIgnored(partial(8, 5, 15), Reason.CONFLICT);
    assertApplied(partial(8, 5, 16), 17);
  }

  @Test
  void whatBecameOfARecordIsInTheCheckpoint() {
    assertApplied(record(1, 1, 0, 10), 10);
    assertIgnored(partial(1, 2, 9), Reason.CONFLICT);
    assertApplied(partial(2, 2, 10), 11);
    ShardSequencer next = new ShardSequencer(sequencer.checkpoint(START, 0), Samples.KEY);

    assertThat(next.tookEffect(7, 1)).contains(false);
    assertThat(next.tookEffect(7, 2)).contains(true);
    assertThat(next.tookEffect(7, 3)).contains(false);
    assertThat(next.tookEffect(7, 2 - WriterWindow.SIZE)).isEmpty();
    assertThat(next.tookEffect(8, 1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 6, 20})
  void aConsumerFromAnyCheckpointRefusesTheSamePartialUpserts(int cut) {
    List<LogRecord> log = new ArrayList<>();
    Random random = new Random(cut);
    for (int i = 1; i <= 40; i++) {
      log.add(
          random.nextBoolean()
              ? record(1, i, 0, 10)
              : partial(i, random.nextInt(1, 4), 5 + random.nextInt(Math.max(0, i - 5), i + 1)));
    }
    List<Verdict> whole = log.stream().map(sequencer::accept).toList();
    ShardSequencer first = new ShardSequencer(Checkpoint.start(START), Samples.KEY);
    List<Verdict> parts = new ArrayList<>();
    log.subList(0, cut).forEach(record -> parts.add(first.accept(record)));
    ShardSequencer second = new ShardSequencer(first.checkpoint(START, 0), Samples.KEY);
    log.subList(cut, log.size()).forEach(record -> parts.add(second.accept(record)));

    assertThat(parts).isEqualTo(whole);
    assertThat(whole).contains(new Ignored(Reason.CONFLICT));
  }

  @Test
  void aFirstAppendThatWasLostIsNoRepeat() {
    assertApplied(record(2, 1, 0, 500), 500);
    assertApplied(record(1, 1, 1, 400), 501);
    assertIgnored(record(1, 1, 2, 400), Reason.REPEATED);
  }

  @Test
  void controlRecordsCountInTheirOrderAndAGapHalts() {
    assertApplied(record(1, 1, 0, 10), 10);
    assertThatThrownBy(() -> sequencer.accept(drop(2)))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("control record 2 follows 0");
    assertIgnored(drop(0), Reason.STALE_CONTROL);
    assertApplied(drop(1), 50);
    assertIgnored(drop(1), Reason.DROPPED);
    assertIgnored(record(1, 2, 0, 60), Reason.DROPPED);
    assertThat(sequencer.checkpoint(START, 0).dropped()).isTrue();
  }

  @Test
  void whoLacksImportedRowsDoesNotGoOn() {
    Checkpoint imported = new Checkpoint(START, 40, 0, 40, false, List.of());
    LogRecord commit = new LogRecord.ImportCommit(drop(1).header(), 40);

    assertThatThrownBy(() -> sequencer.accept(commit))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("rows up to version 40 were imported, this begins with 0");
    ShardSequencer knowing = new ShardSequencer(imported, Samples.KEY);
    assertThat(knowing.accept(commit)).isEqualTo(new Applied(50));
    assertThat(knowing.accept(commit)).isEqualTo(new Ignored(Reason.STALE_CONTROL));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void fromAnyCheckpointTheVerdictsAreTheSame(long seed) {
    Random random = new Random(seed);
    List<LogRecord> log = new ArrayList<>();
    long clock = 0;
    for (int i = 0; i < 6000; i++) {
      clock += random.nextInt(1000);
      long timestamp = Math.max(0, clock - random.nextInt(2000));
      long sequence = i / 8 + random.nextInt(1, 80);
      long writer = random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(6);
      log.add(record(writer, sequence, random.nextInt(2), timestamp));
    }
    int restart = random.nextInt(log.size());

    ShardSequencer restarted = null;
    for (int i = 0; i < log.size(); i++) {
      if (i == restart) {
        restarted = new ShardSequencer(sequencer.checkpoint(START, 0), Samples.KEY);
      }
      Verdict verdict = sequencer.accept(log.get(i));
      if (restarted != null) {
        assertThat(restarted.accept(log.get(i))).isEqualTo(verdict);
      }
    }
  }
}
