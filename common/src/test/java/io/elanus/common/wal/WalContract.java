package io.elanus.common.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [Wal] promises. An adapter's test extends this and opens its log.
public abstract class WalContract {
  protected static final int LOGS = 3;
  protected static final LogId LOG = new LogId(1);

  private static final Duration LONG = Duration.ofSeconds(30);

  protected final Run run = new SystemRun();
  protected Wal wal;
  private @Nullable Wal other;

  /// New, empty logs: [#LOGS] of them.
  protected abstract Wal open();

  /// The logs of [#wal] as another process has them; the same object where a second process is refused.
  protected Wal openAnother() {
    return wal;
  }

  @BeforeEach
  void openWal() {
    wal = open();
  }

  @AfterEach
  void closeWal() {
    wal.close();
    if (other != null) {
      other.close();
    }
  }

  private Wal another() {
    Wal opened = other == null ? openAnother() : other;
    other = opened;
    return opened;
  }

  @Test
  void thereAreAsManyLogsAsAskedFor() {
    assertThat(wal.logCount()).isEqualTo(LOGS);
  }

  @Test
  void aNewLogHoldsNothing() {
    Position start = wal.start(LOG);

    assertThat(wal.end(LOG).isAtOrAfter(start)).isTrue();
    assertThat(pollOnce(start)).isEmpty();
  }

  @Test
  void recordsAreReadAsTheyWereAppended() {
    Position start = wal.end(LOG);
    List<byte[]> records = List.of(bytes(1), new byte[1], bytes(2), bytes(3));

    records.forEach(record -> wal.append(LOG, record));

    assertThat(read(start, 4)).extracting(WalRecord::bytes).containsExactlyElementsOf(records);
  }

  @Test
  void anAppendAnswersThePositionOfItsRecord() {
    wal.append(LOG, bytes(1));
    Position second = wal.append(LOG, bytes(2));
    wal.append(LOG, bytes(3));

    WalRecord found = read(second, 1).getFirst();

    assertThat(found.position()).isEqualTo(second);
    assertThat(found.bytes()).isEqualTo(bytes(2));
  }

  @Test
  void theEndIsBeyondEveryAcknowledgedRecord() {
    for (int i = 0; i < 20; i++) {
      Position appended = wal.append(LOG, bytes(i));

      assertThat(appended.isBefore(wal.end(LOG))).isTrue();
    }
  }

  @Test
  void theEndIsBeyondEveryAcknowledgedRecordOfManyAppenders() {
    Together.run(
        run,
        16,
        _ -> {
          for (int i = 0; i < 20; i++) {
            Position appended = wal.append(LOG, bytes(i));
            assertThat(appended.isBefore(wal.end(LOG))).isTrue();
          }
          return "done";
        });
  }

  @Test
  void theEndNeverGoesBack() {
    Task appender = run.fork("appender", () -> appendAll(200));
    Position seen = wal.end(LOG);
    while (!appender.isDone()) {
      Position end = wal.end(LOG);
      assertThat(end.isAtOrAfter(seen)).isTrue();
      seen = end;
    }
    Together.finish(run, appender);
  }

  @Test
  void everyReaderSeesOneOrderWhoeverAppends() {
    Position start = wal.start(LOG);
    Task early = run.fork("early reader", () -> assertThat(read(start, 16 * 50)).hasSize(800));

    Together.run(run, 16, writer -> appendAs(writer, 50));
    List<WalRecord> first = read(start, 16 * 50);
    List<WalRecord> second = read(start, 16 * 50);

    Together.finish(run, early);
    assertThat(positions(second)).isEqualTo(positions(first));
    assertThat(payloads(second)).isEqualTo(payloads(first));
    assertThat(payloads(first)).doesNotHaveDuplicates();
  }

  @Test
  void recordsOfOneAppenderKeepTheirOrder() {
    Position start = wal.start(LOG);
    Together.run(run, 8, writer -> appendAs(writer, 50));

    List<Long> payloads = payloads(read(start, 8 * 50));

    for (long writer = 0; writer < 8; writer++) {
      long mine = writer;
      assertThat(payloads.stream().filter(payload -> payload >> 32 == mine).toList())
          .isSorted()
          .hasSize(50);
    }
  }

  @Test
  void positionsGrowAndEachNamesTheNext() {
    Position start = wal.start(LOG);
    Together.run(run, 8, writer -> appendAs(writer, 20));

    List<WalRecord> records = read(start, 160);

    for (int i = 0; i < records.size(); i++) {
      WalRecord record = records.get(i);
      assertThat(record.next().isAtOrAfter(record.position().next())).isTrue();
      if (i > 0) {
        assertThat(record.position().isAtOrAfter(records.get(i - 1).next())).isTrue();
      }
    }
  }

  @Test
  void aReaderMayBeginAtAnyPositionItWasGiven() {
    Position start = wal.start(LOG);
    appendAll(200);
    List<WalRecord> all = read(start, 200);

    for (int i = 0; i < all.size(); i += 7) {
      List<WalRecord> rest = read(all.get(i).position(), all.size() - i);
      assertThat(payloads(rest)).isEqualTo(payloads(all.subList(i, all.size())));
    }
    assertThat(read(all.get(9).next(), 1).getFirst().position()).isEqualTo(all.get(10).position());
  }

  @Test
  void aReaderKnowsWhereItGoesOn() {
    Position start = wal.start(LOG);
    appendAll(10);
    try (WalReader reader = wal.tail(LOG, start)) {
      assertThat(reader.position()).isEqualTo(start);

      List<WalRecord> records = reader.poll(soon());

      assertThat(reader.position()).isEqualTo(records.getLast().next());
    }
  }

  @Test
  void logsDoNotMix() {
    Position start = wal.start(LOG);
    wal.append(new LogId(0), bytes(7));
    wal.append(LOG, bytes(8));
    wal.append(new LogId(2), bytes(9));

    assertThat(payloads(read(start, 1))).containsExactly(8L);
    assertThat(pollOnce(wal.end(LOG))).isEmpty();
  }

  @Test
  void aReaderAtTheEndWaitsUntilItsDeadline() {
    wal.append(LOG, bytes(1));

    assertThat(pollOnce(wal.end(LOG))).isEmpty();
  }

  @Test
  void aReaderAtTheEndWakesWhenARecordIsAppended() {
    Position end = wal.end(LOG);
    AtomicReference<List<WalRecord>> found = new AtomicReference<>(List.of());
    Task reader = run.fork("reader", () -> found.set(read(end, 1)));

    run.sleep(Duration.ofMillis(50));
    wal.append(LOG, bytes(5));

    Together.finish(run, reader);
    assertThat(payloads(found.get())).containsExactly(5L);
  }

  @Test
  void aReaderFollowsAppendersToTheLastRecord() {
    Position start = wal.end(LOG);
    AtomicReference<List<WalRecord>> found = new AtomicReference<>(List.of());
    Task reader = run.fork("reader", () -> found.set(read(start, 500)));

    Together.run(run, 5, writer -> appendAs(writer, 100));

    Together.finish(run, reader);
    assertThat(payloads(found.get())).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void aReaderThatWaitsGetsToEveryEndWithoutAFurtherAppend() {
    appendAll(3);
    Gate gate = run.gate();
    AtomicReference<Position> applied = new AtomicReference<>(wal.start(LOG));
    Task follower =
        run.fork(
            "follower",
            () -> follow(position -> gate.change(() -> applied.set(position)), applied.get()));

    for (int i = 0; i < 5; i++) {
      another().end(LOG);
      Position end = wal.end(LOG);

      assertThat(gate.await(() -> applied.get().isAtOrAfter(end), soon())).isTrue();
    }
    follower.cancel();
    follower.join(soon());
  }

  private void follow(Consumer<Position> applied, Position from) {
    try (WalReader reader = wal.tail(LOG, from)) {
      while (true) {
        reader.poll(Deadline.NEVER);
        applied.accept(reader.position());
      }
    }
  }

  @Test
  void anEndIsAtOrAfterOneThatAnotherProcessAskedForBefore() {
    appendAll(3);

    for (int i = 0; i < 5; i++) {
      Position seen = another().end(LOG);
      assertThat(wal.end(LOG).isAtOrAfter(seen)).isTrue();
    }
  }

  @Test
  void anEndAskedForByAnotherProcessWakesNobody() {
    try (WalReader reader = wal.tail(LOG, wal.end(LOG))) {
      another().end(LOG);
      long start = run.nanoTime();

      assertThat(reader.poll(Deadline.after(run, Duration.ofMillis(200)))).isEmpty();

      assertThat(run.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
    }
  }

  @Test
  void aPassedDeadlineStillGivesWhatIsThere() {
    Position start = wal.end(LOG);
    wal.append(LOG, bytes(1));

    try (WalReader reader = wal.tail(LOG, start)) {
      assertThat(reader.poll(Deadline.after(run, Duration.ZERO))).hasSize(1);
    }
  }

  @Test
  void aPositionOfAnotherIncarnationIsRefused() {
    wal.append(LOG, bytes(1));
    Position end = wal.end(LOG);
    Position foreign = new Position(end.incarnation() + 1, end.offset());

    assertFails(ErrorCode.CORRUPT, () -> wal.tail(LOG, foreign));
    assertFails(ErrorCode.CORRUPT, () -> wal.trim(LOG, foreign));
  }

  @Test
  void aPositionBeyondTheEndIsRefused() {
    wal.append(LOG, bytes(1));
    Position end = wal.end(LOG);
    Position beyond = new Position(end.incarnation(), end.offset() + 1_000_000);

    assertFails(ErrorCode.CORRUPT, () -> wal.tail(LOG, beyond));
    assertFails(ErrorCode.CORRUPT, () -> wal.trim(LOG, beyond));
  }

  @Test
  void aRecordMayBeAsLargeAsTheLimit() {
    byte[] largest = new byte[wal.maxRecordBytes()];
    Arrays.fill(largest, (byte) 0x5a);

    Position position = wal.append(LOG, largest);

    assertThat(read(position, 1).getFirst().bytes()).isEqualTo(largest);
  }

  @Test
  void anEmptyOrTooLargeRecordIsRefusedAndNotThere() {
    Position end = wal.end(LOG);

    assertFails(ErrorCode.INVALID_PARAMETER, () -> wal.append(LOG, new byte[0]));
    assertFails(
        ErrorCode.PARAMETER_TOO_LARGE, () -> wal.append(LOG, new byte[wal.maxRecordBytes() + 1]));
    assertThat(pollOnce(end)).isEmpty();
  }

  @Test
  void aLogThatDoesNotExistIsRefused() {
    for (LogId unknown : List.of(new LogId(LOGS), new LogId(-1))) {
      assertFails(ErrorCode.INVALID_PARAMETER, () -> wal.append(unknown, bytes(1)));
      assertFails(ErrorCode.INVALID_PARAMETER, () -> wal.end(unknown));
    }
  }

  @Test
  void trimKeepsEverythingFromItsPositionOn() {
    appendAll(100);
    Position kept = wal.append(LOG, bytes(1000));
    appendAll(10);

    wal.trim(LOG, kept);

    assertThat(wal.start(LOG).isAtOrAfter(kept.next())).isFalse();
    assertThat(payloads(read(kept, 1))).containsExactly(1000L);
    assertThat(read(kept, 11)).hasSize(11);
  }

  @Test
  void trimmedPositionsAreRefusedOrStillServed() {
    Position start = wal.start(LOG);
    appendAll(100);
    wal.trim(LOG, wal.end(LOG));

    if (wal.start(LOG).equals(start)) {
      assertThat(read(start, 100)).hasSize(100);
    } else {
      assertFails(ErrorCode.CORRUPT, () -> wal.tail(LOG, start));
    }
  }

  @Test
  void trimmingTwiceOrBackwardsDoesNothing() {
    Position start = wal.start(LOG);
    appendAll(10);
    Position middle = wal.end(LOG);
    appendAll(10);

    wal.trim(LOG, middle);
    Position trimmed = wal.start(LOG);
    wal.trim(LOG, middle);
    wal.trim(LOG, start);

    assertThat(wal.start(LOG)).isEqualTo(trimmed);
    assertThat(read(middle, 10)).hasSize(10);
  }

  @Test
  void theEndStaysWhenEverythingIsTrimmed() {
    appendAll(10);
    Position end = wal.end(LOG);

    wal.trim(LOG, end);

    assertThat(wal.end(LOG).isAtOrAfter(end)).isTrue();
    assertThat(pollOnce(end)).isEmpty();
    assertThat(wal.append(LOG, bytes(1)).isAtOrAfter(end)).isTrue();
  }

  @Test
  void aClosedLogRefusesEverything() {
    Position end = wal.end(LOG);
    WalReader reader = wal.tail(LOG, end);
    wal.close();

    assertFails(ErrorCode.LOG_FAILED, () -> wal.append(LOG, bytes(1)));
    assertFails(ErrorCode.LOG_FAILED, () -> wal.end(LOG));
    assertFails(ErrorCode.LOG_FAILED, () -> wal.tail(LOG, end));
    assertFails(ErrorCode.LOG_FAILED, () -> reader.poll(soon()));
  }

  @Test
  void closingWakesAReader() {
    WalReader reader = wal.tail(LOG, wal.end(LOG));
    Task waiting =
        run.fork("reader", () -> assertFails(ErrorCode.LOG_FAILED, () -> reader.poll(soon())));

    run.sleep(Duration.ofMillis(50));
    wal.close();

    Together.finish(run, waiting);
  }

  @Test
  void closingAReaderWakesItAndLeavesTheOthers() {
    Position end = wal.end(LOG);
    WalReader closed = wal.tail(LOG, end);
    Task waiting =
        run.fork("reader", () -> assertFails(ErrorCode.LOG_FAILED, () -> closed.poll(soon())));

    run.sleep(Duration.ofMillis(50));
    closed.close();

    Together.finish(run, waiting);
    wal.append(LOG, bytes(1));
    assertThat(read(end, 1)).hasSize(1);
  }

  @Test
  void aCancelledReaderStopsAndLeavesTheOthers() {
    Position start = wal.start(LOG);
    appendAll(50);
    Task reader = run.fork("reader", () -> readForever(start));

    run.sleep(Duration.ofMillis(50));
    reader.cancel();

    assertThat(reader.join(soon())).isTrue();
    wal.append(LOG, bytes(1));
    assertThat(read(start, 51)).hasSize(51);
  }

  private void readForever(Position from) {
    try (WalReader reader = wal.tail(LOG, from)) {
      while (true) {
        reader.poll(Deadline.NEVER);
      }
    }
  }

  protected final void appendAll(int count) {
    for (int i = 0; i < count; i++) {
      wal.append(LOG, bytes(i));
    }
  }

  private int appendAs(int writer, int count) {
    for (int i = 0; i < count; i++) {
      wal.append(LOG, bytes(((long) writer << 32) + i));
    }
    return count;
  }

  /// Exactly `count` records.
  protected final List<WalRecord> read(Position from, int count) {
    return read(wal, from, count);
  }

  protected final List<WalRecord> read(Wal source, Position from, int count) {
    List<WalRecord> found = new ArrayList<>();
    try (WalReader reader = source.tail(LOG, from)) {
      while (found.size() < count) {
        List<WalRecord> polled = reader.poll(soon());
        assertThat(polled).isNotEmpty();
        found.addAll(polled);
      }
    }
    return found.subList(0, count);
  }

  private List<WalRecord> pollOnce(Position from) {
    try (WalReader reader = wal.tail(LOG, from)) {
      return reader.poll(Deadline.after(run, Duration.ofMillis(20)));
    }
  }

  protected final Deadline soon() {
    return Deadline.after(run, LONG);
  }

  protected static byte[] bytes(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  protected static List<Long> payloads(List<WalRecord> records) {
    return records.stream().map(record -> ByteBuffer.wrap(record.bytes()).getLong()).toList();
  }

  private static List<Position> positions(List<WalRecord> records) {
    return records.stream().map(WalRecord::position).toList();
  }

  protected static void assertFails(ErrorCode code, ThrowingCallable action) {
    assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(DbException.class, action))
        .as("expected %s", code)
        .isNotNull()
        .extracting(DbException::code)
        .isEqualTo(code);
  }
}
