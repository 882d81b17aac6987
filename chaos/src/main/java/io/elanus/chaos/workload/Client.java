package io.elanus.chaos.workload;

import com.google.gson.JsonObject;
import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.By;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.history.Span;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.utility.request.CompactReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.GetReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.QueryResp.QueryResult;
import io.milvus.v2.service.vector.response.SearchResp.SearchResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One session: an SDK client, used by one thread, which notes every request in the history. After a broken
/// connection the next request goes to the next proxy.
public final class Client implements AutoCloseable {
  /// Whether the SDK may send a request again by itself.
  public enum Retries {
    /// Each request is sent at most once, so what it may have done is known.
    NONE,
    /// What an application gets that configures nothing.
    SDK_DEFAULT
  }

  private static final long PAUSE_AFTER_FAILURE_MILLIS = 50;
  private static final List<String> ALL_FIELDS =
      List.of(Rows.ID, Rows.VERSION, Rows.VECTOR, Rows.NUMBER, Rows.TEXT);

  private final Scene scene;
  private final int session;
  private final Retries retries;
  private final Connection connection;

  public Client(Scene scene, int session, Retries retries) {
    this.scene = scene;
    this.session = session;
    this.retries = retries;
    this.connection = new Connection(scene.uris(), retries, session);
  }

  int session() {
    return session;
  }

  Scene scene() {
    return scene;
  }

  Outcome insert(Map<Long, Long> versions) {
    return write(
        "insert",
        versions,
        c ->
            c.insert(
                InsertReq.builder().collectionName(collection()).data(rows(versions)).build()));
  }

  Outcome upsert(Map<Long, Long> versions) {
    return write(
        "upsert",
        versions,
        c ->
            c.upsert(
                UpsertReq.builder().collectionName(collection()).data(rows(versions)).build()));
  }

  Outcome delete(List<Long> keys) {
    List<Object> ids = List.copyOf(keys);
    return write(
        "delete",
        absent(keys),
        c -> c.delete(DeleteReq.builder().collectionName(collection()).ids(ids).build()));
  }

  /// By an expression that is more than a list of keys, so that the server evaluates it first.
  Outcome deleteWhere(long key) {
    String filter = "id == %d and version > 0".formatted(key);
    return write(
        "delete-where",
        absent(List.of(key)),
        c -> c.delete(DeleteReq.builder().collectionName(collection()).filter(filter).build()));
  }

  boolean query(Level level, List<Long> keys) {
    return queryRows("query", level, "id in " + keys)
        .map(found -> note(found, "query", level, keys))
        .isPresent();
  }

  /// At the level of the collection, which is strong.
  boolean get(List<Long> keys) {
    GetReq request =
        GetReq.builder()
            .collectionName(collection())
            .ids(List.copyOf(keys))
            .outputFields(ALL_FIELDS)
            .build();
    return call("get", c -> c.get(request).getGetResults())
        .map(found -> note(found.map(Client::entities), "get", Level.STRONG, keys))
        .isPresent();
  }

  /// Searches under a filter that only the key's rows pass.
  boolean searchFor(Level level, long key) {
    return searchRows("search-key", level, "id == " + key, scene.rows().vector(key, 0), 3)
        .map(found -> note(found, "search-key", level, List.of(key)))
        .isPresent();
  }

  /// Searches among all rows; what it does not return says nothing.
  boolean searchNear(Level level, List<Float> vector, int limit) {
    return searchRows("search", level, "", vector, limit)
        .map(found -> note(found, "search", level, List.of()))
        .isPresent();
  }

  boolean flush() {
    FlushReq request =
        FlushReq.builder()
            .collectionNames(List.of(collection()))
            .waitFlushedTimeoutMs(Connection.DEADLINE.toMillis())
            .build();
    return perform("flush", c -> c.flush(request));
  }

  boolean compact() {
    CompactReq request = CompactReq.builder().collectionName(collection()).build();
    return perform("compact", c -> c.compact(request));
  }

  Optional<Timed<List<Map<String, Object>>>> queryRows(String name, Level level, String filter) {
    QueryReq request =
        QueryReq.builder()
            .collectionName(collection())
            .filter(filter)
            .outputFields(ALL_FIELDS)
            .consistencyLevel(level(level))
            .build();
    return call(name, c -> entities(c.query(request).getQueryResults()));
  }

  Optional<Timed<List<Map<String, Object>>>> searchRows(
      String name, Level level, String filter, List<Float> vector, int limit) {
    SearchReq request =
        SearchReq.builder()
            .collectionName(collection())
            .data(List.of(new FloatVec(vector)))
            .filter(filter)
            .limit(limit)
            .outputFields(ALL_FIELDS)
            .consistencyLevel(level(level))
            .build();
    return call(name, c -> hits(c.search(request).getSearchResults()));
  }

  Optional<Timed<Long>> count(String filter) {
    QueryReq request =
        QueryReq.builder()
            .collectionName(collection())
            .filter(filter)
            .outputFields(List.of("count(*)"))
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build();
    return call(
        "count",
        c ->
            (Long)
                Objects.requireNonNull(
                    c.query(request).getQueryResults().getFirst().getEntity().get("count(*)")));
  }

  /// What a request returned, and when.
  record Timed<T>(T value, Span span) {
    <R> Timed<R> map(Function<T, R> function) {
      return new Timed<>(function.apply(value), span);
    }
  }

  /// Sends a request and notes how it ended. Empty when it did not succeed.
  <T> Optional<Timed<T>> call(String name, Function<MilvusClientV2, T> request) {
    Attempt<T> attempt = attempt(name, request);
    return attempt.value.map(value -> new Timed<>(value, attempt.span));
  }

  /// The same for a request that returns nothing.
  boolean perform(String name, Consumer<MilvusClientV2> request) {
    return call(
            name,
            sdk -> {
              request.accept(sdk);
              return true;
            })
        .isPresent();
  }

  /// @param value there when it succeeded
  /// @param code what the server said when it did not; 0 for nothing
  record Attempt<T>(Outcome outcome, Optional<T> value, int code, Span span) {}

  <T> Attempt<T> attempt(String name, Function<MilvusClientV2, T> request) {
    long start = System.nanoTime();
    Failure failure;
    try {
      T value = request.apply(connection.open());
      Span span = Span.since(start);
      scene.history().add(new Event.Call(by(name), Outcome.OK, "", span));
      return new Attempt<>(Outcome.OK, Optional.of(value), 0, span);
    } catch (Connection.NotConnected e) {
      failure = Failure.notSent(e);
    } catch (RuntimeException e) {
      failure = Failure.of(e);
    }
    Span span = Span.since(start);
    scene.history().add(new Event.Call(by(name), failure.outcome(), failure.text(), span));
    recover(failure);
    return new Attempt<>(failure.outcome(), Optional.empty(), failure.code(), span);
  }

  private Outcome write(
      String name, Map<Long, Long> versions, Function<MilvusClientV2, ?> request) {
    Attempt<?> attempt = attempt(name, request);
    versions.forEach((key, version) ->
        scene
            .history()
            .add(new Event.Write(by(name), key, version, attempt.outcome, attempt.span)));
    return attempt.outcome;
  }

  /// Notes for each of `keys` what was found, and what was found beyond them.
  private boolean note(
      Timed<List<Map<String, Object>>> found, String name, Level level, List<Long> keys) {
    Map<Long, Long> seen = verified(found);
    keys.forEach(key -> seen.putIfAbsent(key, Event.ABSENT));
    seen.forEach((key, version) ->
        scene.history().add(new Event.Read(by(name), level, key, version, found.span)));
    return true;
  }

  /// The version of each key; rows that are not what anybody wrote, and keys that are there twice, are findings.
  Map<Long, Long> verified(Timed<List<Map<String, Object>>> found) {
    Map<Long, Long> seen = new LinkedHashMap<>();
    for (Map<String, Object> row : found.value) {
      long key = row.get(Rows.ID) instanceof Long id ? id : -1;
      scene.rows().defect(row).ifPresent(text -> find(Anomaly.CORRUPT, key, text, found.span));
      long version = row.get(Rows.VERSION) instanceof Long number ? number : -1;
      Long other = seen.put(key, version);
      if (other != null) {
        find(Anomaly.DUPLICATE, key, "versions %d and %d".formatted(other, version), found.span);
      }
    }
    return seen;
  }

  void find(Anomaly anomaly, long key, String text, Span span) {
    scene.history().add(new Event.Finding(anomaly, key, text, span));
  }

  By by(String request) {
    return new By(session, request);
  }

  /// A server that answers is kept, whatever it answers; so is the one proxy of a client that retries by itself.
  private void recover(Failure failure) {
    if (retries == Retries.NONE && !failure.isAnswer()) {
      connection.giveUp();
    }
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    connection.close();
  }

  private String collection() {
    return scene.collection();
  }

  private List<JsonObject> rows(Map<Long, Long> versions) {
    List<JsonObject> rows = new ArrayList<>();
    versions.forEach((key, version) -> rows.add(scene.rows().row(key, version)));
    return rows;
  }

  private static Map<Long, Long> absent(List<Long> keys) {
    return keys.stream().collect(Collectors.toMap(Function.identity(), _ -> Event.ABSENT));
  }

  private static List<Map<String, Object>> entities(List<QueryResult> results) {
    return results.stream().map(QueryResult::getEntity).toList();
  }

  private static List<Map<String, Object>> hits(List<List<SearchResult>> results) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (SearchResult hit : results.getFirst()) {
      Map<String, Object> row = new HashMap<>(hit.getEntity());
      row.put(Rows.ID, hit.getId());
      rows.add(row);
    }
    return rows;
  }

  private static ConsistencyLevel level(Level level) {
    return switch (level) {
      case STRONG -> ConsistencyLevel.STRONG;
      case BOUNDED -> ConsistencyLevel.BOUNDED;
      case SESSION -> ConsistencyLevel.SESSION;
      case EVENTUALLY -> ConsistencyLevel.EVENTUALLY;
    };
  }
}
