package io.elanus.simulation;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.ScoreRange;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.milvus.FieldData;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.simulation.ShardModel.Row;
import io.elanus.simulation.ShardModel.Vector4;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Holds every answer of a shard's leader against the replay of the log at the version it was read at
/// (invariants 11, 14, 17), and that version against what was acknowledged before (12), or where the log has the mark
/// that was read as of (13).
final class ReadChecks {
  /// The instant a leader was asked.
  record Asked(ShardId shard, LogId log, Freshness freshness, long atNanos, long ackedEnd) {}

  private final SimulatedRun world;
  private final LogHistory history;
  private final Verdicts verdicts;
  private long answerCount;
  private long pastCount;
  private long pagedCount;
  private long rowCount;

  ReadChecks(SimulatedRun world, LogHistory history, Verdicts verdicts) {
    this.world = world;
    this.history = history;
    this.verdicts = verdicts;
  }

  Asked ask(ShardId shard, LogId log, Freshness freshness) {
    return new Asked(shard, log, freshness, world.nanoTime(), history.ackedEnd(log));
  }

  void answered(Asked asked, QueryShardRequest request, QueryShardResponse response) {
    history.catchUp(asked.log);
    verdicts.check(() -> {
      checkFreshness(asked, response.getReadVersion());
      checkMark(asked.shard, request.getAsOf(), response.getReadVersion());
      checkQuery(asked.shard, request, response);
    });
  }

  void answered(Asked asked, SearchShardRequest request, SearchShardResponse response) {
    history.catchUp(asked.log);
    verdicts.check(() -> {
      checkFreshness(asked, response.getReadVersion());
      checkMark(asked.shard, request.getAsOf(), response.getReadVersion());
      checkSearch(asked.shard, request, response);
    });
  }

  long answerCount() {
    return answerCount;
  }

  long rowCount() {
    return rowCount;
  }

  private void checkFreshness(Asked asked, long readVersion) {
    answerCount++;
    long end =
        switch (asked.freshness.getLevel()) {
          case STRONG -> asked.ackedEnd;
          case BOUNDED -> {
            Duration bound = Duration.ofMillis(asked.freshness.getBoundMillis());
            yield history.ackedEnd(asked.log, asked.atNanos - slack(bound).toNanos());
          }
          default -> 0;
        };
    long needed = history.model(asked.shard).versionBelow(end);
    Violation.unless(
        readVersion >= needed,
        "12: shard %s: a %s read asked at %.3f s is answered at version %d, acked before was %d",
        asked.shard,
        asked.freshness.getLevel(),
        asked.atNanos / 1e9,
        readVersion,
        needed);
  }

  /// As of a mark there is one version, whoever is asked and whenever.
  private void checkMark(ShardId shard, long mark, long readVersion) {
    if (mark == 0) {
      return;
    }
    Optional<Long> version = history.model(shard).mark(mark).map(ShardModel.Met::version);
    Violation.unless(
        version.equals(Optional.of(readVersion)),
        "13: shard %s: a read as of %d is answered at version %d, replay says %s",
        shard,
        mark,
        readVersion,
        version);
    pastCount++;
  }

  /// Answers as of a mark.
  long pastCount() {
    return pastCount;
  }

  /// The leader's clock may run slower than the world's, by as much as clocks drift here.
  private static Duration slack(Duration bound) {
    return bound.plus(bound.dividedBy(1_000)).plusMillis(2);
  }

  private void checkQuery(ShardId shard, QueryShardRequest request, QueryShardResponse response) {
    List<Row> matching = matching(shard, response.getReadVersion(), filter(request));
    if (request.getCountOnly()) {
      Violation.unless(
          response.getRowCount() == matching.size(),
          "11: shard %s at %d: counts %d, replay has %d",
          shard,
          response.getReadVersion(),
          response.getRowCount(),
          matching.size());
      return;
    }
    TreeMap<Long, Row> newest = new TreeMap<>();
    matching.stream().sorted(Row.BY_AGE).forEach(row -> newest.put(row.key(), row));
    long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    List<Row> expected = newest.values().stream().limit(limit).toList();
    rowCount += expected.size();
    List<String> wanted =
        expected.stream().map(r -> "%d@%d#%d".formatted(r.key(), r.version(), r.tag())).toList();
    Optional<List<Long>> tags = tags(response.getColumnsList());
    List<String> found = new ArrayList<>();
    for (int i = 0; i < response.getVersionsCount(); i++) {
      int row = i;
      long tag =
          tags.map(t -> t.get(row))
              .orElseGet(() -> row < expected.size() ? expected.get(row).tag() : -1);
      found.add(
          "%d@%d#%d"
              .formatted(response.getKeys().getIntId().getData(i), response.getVersions(i), tag));
    }
    Violation.unless(
        found.equals(wanted),
        "11: shard %s at %d, filter %s:\n answered  %s\n replay is %s",
        shard,
        response.getReadVersion(),
        filter(request),
        found,
        wanted);
  }

  private static Expr filter(QueryShardRequest request) {
    return request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
  }

  private void checkSearch(
      ShardId shard, SearchShardRequest request, SearchShardResponse response) {
    Expr filter = request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
    Vector4 query = vector(request);
    List<Row> rows = matching(shard, response.getReadVersion(), filter);
    if (request.getScores().hasFrom() && keysOnce(rows).size() < rows.size()) {
      checkLaterPage(shard, request, response, query, rows);
      checkFetched(shard, response, query);
      return;
    }
    List<Row> expected = page(ranked(rows, query), query, request);
    rowCount += expected.size();
    List<String> wanted =
        expected.stream().map(r -> "%d:%.0f".formatted(r.key(), distance(query, r))).toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < response.getScoresCount(); i++) {
      found.add(
          "%d:%.0f".formatted(response.getKeys().getIntId().getData(i), response.getScores(i)));
    }
    Violation.unless(
        found.equals(wanted),
        "11: shard %s at %d, search:\n answered  %s\n replay is %s",
        shard,
        response.getReadVersion(),
        found,
        wanted);
    checkFetched(shard, response, query);
  }

  /// Best first, each key once: by its nearest row.
  private static List<Row> ranked(List<Row> rows, Vector4 query) {
    Map<Long, Row> best = new TreeMap<>();
    for (Row row : rows) {
      best.merge(row.key(), row, (a, b) -> distance(query, b) < distance(query, a) ? b : a);
    }
    return best.values().stream()
        .sorted(
            Comparator.<Row>comparingDouble(row -> distance(query, row))
                .thenComparingLong(Row::key))
        .toList();
  }

  /// The first of those within the range of scores, with all that are as far as the last one where ties are wanted.
  private static List<Row> page(List<Row> ranked, Vector4 query, SearchShardRequest request) {
    List<Row> within =
        ranked.stream().filter(row -> isWithin(request.getScores(), distance(query, row))).toList();
    int limit = Math.min(request.getLimit(), within.size());
    if (limit == 0 || !request.getWithTies()) {
      return within.subList(0, limit);
    }
    float last = distance(query, within.get(limit - 1));
    return within.stream().filter(row -> distance(query, row) <= last).toList();
  }

  private static boolean isWithin(ScoreRange range, float distance) {
    boolean behind =
        range.getFromExclusive() ? distance > range.getFrom() : distance >= range.getFrom();
    return (!range.hasFrom() || behind) && (!range.hasUntil() || distance < range.getUntil());
  }

  /// Rows of one key may lie with two holders: then the nearer one was on an earlier page, and the other one may be on
  /// this (docs/decisions/0113). Of all other keys the page has what it should.
  private void checkLaterPage(
      ShardId shard,
      SearchShardRequest request,
      SearchShardResponse response,
      Vector4 query,
      List<Row> rows) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < response.getScoresCount(); i++) {
      found.add(new Found(response.getKeys().getIntId().getData(i), response.getScores(i)));
    }
    rowCount += found.size();
    checkPages(
        "11: shard %s at %d, a later page".formatted(shard, response.getReadVersion()),
        found,
        rows.stream().filter(row -> isWithin(request.getScores(), distance(query, row))).toList(),
        keysOnce(rows),
        query,
        found.size() < request.getLimit());
  }

  /// A hit of a page.
  record Found(long key, float distance) {
    static final Comparator<Found> NEAREST =
        Comparator.comparingDouble(Found::distance).thenComparingLong(Found::key);
  }

  /// All pages of a search by a client, as of a mark: what the shards have there, best first, from the first hit on.
  ///
  /// @param query, group that were searched for
  /// @param found page after page
  /// @param complete whether the last page was the last one there is
  void paged(long mark, float[] query, long group, List<Found> found, boolean complete) {
    history.catchUp();
    verdicts.check(() -> {
      List<Row> rows = new ArrayList<>();
      for (ShardModel model : history.models().values()) {
        model.mark(mark).ifPresent(met -> rows.addAll(model.visible(met.version())));
      }
      rows.removeIf(row -> row.group() != group);
      checkPages(
          "13: pages of a search as of " + mark,
          found,
          rows,
          keysOnce(rows),
          Vector4.of(query, 0),
          complete);
      pagedCount++;
    });
  }

  /// Of keys in `once`, the rows up to the last hit: each, and each once, best first.
  private static void checkPages(
      String what,
      List<Found> found,
      List<Row> rows,
      Set<Long> once,
      Vector4 query,
      boolean complete) {
    Optional<Found> last = found.stream().max(Found.NEAREST);
    List<Found> wanted =
        rows.stream()
            .filter(row -> once.contains(row.key()))
            .map(row -> new Found(row.key(), distance(query, row)))
            .filter(
                row -> complete || last.filter(l -> Found.NEAREST.compare(row, l) <= 0).isPresent())
            .sorted(Found.NEAREST)
            .toList();
    Violation.unless(
        found.stream().filter(hit -> once.contains(hit.key)).toList().equals(wanted),
        "%s, %s:\n answered  %s\n replay is %s",
        what,
        complete ? "all" : "the first",
        found,
        wanted);
  }

  /// Keys of one row.
  private static Set<Long> keysOnce(List<Row> rows) {
    Map<Long, Long> counts =
        rows.stream().collect(Collectors.groupingBy(Row::key, Collectors.counting()));
    return counts.entrySet().stream()
        .filter(count -> count.getValue() == 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Searches of several pages.
  long pagedCount() {
    return pagedCount;
  }

  /// The fields returned belong to a row of that key and version, which has that score.
  private void checkFetched(ShardId shard, SearchShardResponse response, Vector4 query) {
    List<Row> visible = history.model(shard).visible(response.getReadVersion());
    Optional<List<Long>> tags = tags(response.getColumnsList());
    for (int i = 0; i < response.getScoresCount(); i++) {
      long key = response.getKeys().getIntId().getData(i);
      long version = response.getVersions(i);
      float score = response.getScores(i);
      int hit = i;
      Violation.unless(
          visible.stream()
              .anyMatch(r ->
                  r.key() == key
                      && r.version() == version
                      && Math.abs(distance(query, r) - score) < 0.5
                      && tags.map(t -> t.get(hit) == r.tag()).orElse(true)),
          "14: shard %s: hit %d@%d with score %.0f is no row that is visible",
          shard,
          key,
          version,
          score);
    }
  }

  private static float distance(Vector4 query, Row row) {
    return query.squaredDistance(row.vector());
  }

  private static Vector4 vector(SearchShardRequest request) {
    FloatBuffer values =
        request.getVectors().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] vector = new float[Films.DIMENSION];
    values.get(vector);
    return Vector4.of(vector, 0);
  }

  private List<Row> matching(ShardId shard, long version, Expr filter) {
    return history.model(shard).visible(version).stream()
        .filter(row -> matches(filter, row))
        .toList();
  }

  /// The few forms the workload uses.
  private static boolean matches(Expr filter, Row row) {
    return switch (filter) {
      case Expr.Constant(boolean value) -> value;
      case Expr.Not(Expr operand) -> !matches(operand, row);
      case Expr.And(List<Expr> operands) -> operands.stream().allMatch(e -> matches(e, row));
      case Expr.Compare(Operand left, Expr.Comparison comparison, Literal right) ->
          compare(Long.compare(value(left, row), number(right)), comparison);
      case Expr.In(Operand operand, List<Literal> values) ->
          values.stream().anyMatch(v -> number(v) == value(operand, row));
      default -> throw new IllegalArgumentException("no filter of the workload: " + filter);
    };
  }

  private static boolean compare(int order, Expr.Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  private static long number(Literal literal) {
    return ((Literal.IntLiteral) literal).value();
  }

  private static long value(Operand operand, Row row) {
    long field = ((Operand.FieldRef) operand).fieldId();
    if (field == Films.ID) {
      return row.key();
    }
    return field == Films.GROUP ? row.group() : row.tag();
  }

  private static Optional<List<Long>> tags(List<FieldData> columns) {
    return columns.stream()
        .filter(column -> column.getFieldId() == Films.TAG)
        .map(column -> column.getScalars().getLongData().getDataList())
        .findFirst();
  }
}
