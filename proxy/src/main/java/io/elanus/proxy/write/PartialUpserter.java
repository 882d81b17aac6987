package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Key;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.WriteVerdict;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.read.ShardCalls;
import io.elanus.proxy.write.ConfirmedWrite.Done;
import io.elanus.proxy.write.LogWriter.Appended;
import io.elanus.proxy.write.PartialDrafter.Merged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Upserts that give some fields only. The rows are read, merged, and appended with the version they were read at:
/// every consumer of the log refuses a record of which a key may have been written since, and a leader says what
/// became of it. What was refused is read again, then with one record per row, so that a busy key keeps no other.
///
/// ```
/// read 1 2 3 at 90   append (1 2 3 | 90)   refused   read 1 2 3 at 95   append (1|95) (2|95) (3|95)
/// ```
public final class PartialUpserter {
  /// A key that loses so many races in a row is written all the time.
  private static final int MAX_TRIES = 20;

  /// Records of one row each that are on their way at once.
  private static final int MAX_ALONE = 256;

  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(5), Duration.ofMillis(500));

  private final Run run;
  private final CollectionCache collections;
  private final ConfirmedWrite writes;
  private final PartialDrafter drafter;
  private final WriteVerdicts verdicts;

  /// What all writes of a proxy share.
  public record Tools(
      CollectionCache collections, ConfirmedWrite writes, LogWriter log, RowIds ids) {}

  public PartialUpserter(Run run, Tools tools, Loads loads, ShardCalls shards) {
    this.run = run;
    this.collections = tools.collections();
    this.writes = tools.writes();
    this.drafter = new PartialDrafter(run, tools.log(), tools.ids(), loads, shards);
    this.verdicts = new WriteVerdicts(shards);
  }

  /// @throws DbException `COLLECTION_NOT_LOADED`; `SERVICE_UNAVAILABLE` when others wrote the keys again and again;
  ///     `OUTCOME_UNKNOWN` when some rows are written and others not, or nobody knows
  Mutation upsert(String database, UpsertRequest request, Deadline deadline) {
    Map<Integer, Key> written = new HashMap<>();
    Optional<int[]> refused = Optional.empty();
    int fruitless = 0;
    while (fruitless < MAX_TRIES) {
      try {
        int before = written.size();
        Optional<int[]> waiting = refused;
        Optional<int[]> pending = waiting.map(PartialUpserter::first);
        Done<Merged> done =
            writes.run(
                deadline,
                () ->
                    collections.with(
                        database,
                        request.getCollectionName(),
                        view -> drafter.prepare(view.collection(), request, pending, deadline)));
        int[] again = settle(done, written, deadline);
        refused = Optional.of(waiting.map(all -> without(all, written)).orElse(again));
        if (refused.get().length == 0) {
          return new Mutation(keys(done.prepared().collection(), written), done.timestamp());
        }
        fruitless = written.size() > before ? 0 : fruitless + 1;
        run.sleep(AGAIN.fullJitter(fruitless + 1, run.random()));
      } catch (DbException e) {
        throw written.isEmpty() ? e : partly(written.size(), e);
      }
    }
    DbException lost =
        ErrorCode.SERVICE_UNAVAILABLE.because(
            "%d rows were written by others while they were merged, %d times in a row: %s",
            refused.map(rows -> rows.length).orElse(0),
            MAX_TRIES,
            ErrorCode.SERVICE_UNAVAILABLE.text());
    throw written.isEmpty() ? lost : partly(written.size(), lost);
  }

  /// As many as a leader certainly remembers.
  private static int[] first(int[] rows) {
    return Arrays.copyOf(rows, Math.min(rows.length, MAX_ALONE));
  }

  private static int[] without(int[] rows, Map<Integer, Key> written) {
    return IntStream.of(rows).filter(row -> !written.containsKey(row)).toArray();
  }

  private static DbException partly(int rows, DbException cause) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN,
        "%d rows are written, the others may be: %s: %s"
            .formatted(rows, cause.text(), ErrorCode.OUTCOME_UNKNOWN.text()),
        cause);
  }

  /// In the order of the request.
  private static KeyColumn keys(Collection collection, Map<Integer, Key> written) {
    List<Key> keys =
        IntStream.range(0, written.size()).mapToObj(row -> required(written, row)).toList();
    return KeyColumns.of(collection.schema().primaryKey(), keys);
  }

  private static Key required(Map<Integer, Key> written, int row) {
    return Optional.ofNullable(written.get(row)).orElseThrow();
  }

  /// Asks what became of the records.
  ///
  /// @return the rows that were refused
  private int[] settle(Done<Merged> done, Map<Integer, Key> written, Deadline deadline) {
    Merged merged = done.prepared();
    Map<Appended, WriteVerdict> answers =
        verdicts.of(merged.collection(), done.appended(), deadline);
    List<Integer> refused = new ArrayList<>();
    int unknown = 0;
    for (int i = 0; i < done.appended().size(); i++) {
      WriteVerdict verdict =
          answers.getOrDefault(done.appended().get(i), WriteVerdict.VERDICT_UNKNOWN);
      for (int row : merged.parts().get(i)) {
        switch (verdict) {
          case TOOK_EFFECT -> written.put(merged.rows()[row], merged.keys().key(row));
          case REFUSED -> refused.add(merged.rows()[row]);
          case VERDICT_UNKNOWN, UNRECOGNIZED -> unknown++;
        }
      }
    }
    if (unknown > 0) {
      throw WriteVerdicts.unknown(
          "nobody knows what became of %d rows".formatted(unknown), Optional.empty());
    }
    return refused.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
