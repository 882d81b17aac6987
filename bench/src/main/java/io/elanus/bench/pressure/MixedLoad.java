package io.elanus.bench.pressure;

import io.elanus.bench.MilvusCalls;
import io.elanus.bench.MilvusCalls.Rows;
import io.elanus.bench.vectors.LatentVectors;
import io.elanus.proto.milvus.ConsistencyLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Clients that search, read, write, and now and then ask for far too much, each of them one request after the other.
final class MixedLoad {
  private static final Duration WRITES_EVERY = Duration.ofMillis(500);
  private static final Duration TOO_MUCH_EVERY = Duration.ofSeconds(5);
  private static final int INSERT_ROWS = 500;
  private static final int CHANGED_ROWS = 100;

  private final int port;
  private final LatentVectors vectors;
  private final long rows;
  private final AtomicLong nextId;
  private final List<Tally> tallies = new ArrayList<>();
  private final List<Thread> clients = new ArrayList<>();

  private volatile boolean stopped;

  /// @param rows there are, with the keys from 0 on
  MixedLoad(int port, LatentVectors vectors, long rows) {
    this.port = port;
    this.vectors = vectors;
    this.rows = rows;
    this.nextId = new AtomicLong(rows);
  }

  /// @return what became of the requests, by kind
  List<Tally> run(Duration span) throws InterruptedException {
    client("search 1 x 10", Duration.ZERO, this::search);
    client("search 1 x 10, again", Duration.ZERO, this::search);
    client("search 50 x 100", Duration.ZERO, this::searchMany);
    client("query 10 by key", Duration.ZERO, this::queryByKey);
    client("insert %d".formatted(INSERT_ROWS), WRITES_EVERY, this::insert);
    client("upsert %d".formatted(CHANGED_ROWS), WRITES_EVERY, this::upsert);
    client("delete %d".formatted(CHANGED_ROWS), WRITES_EVERY, this::delete);
    client("search 1000 x 16384", TOO_MUCH_EVERY, this::searchTooMuch);
    client("query all", TOO_MUCH_EVERY, this::queryAll);
    client("insert 60 MB", TOO_MUCH_EVERY, this::insertTooMuch);
    Thread.sleep(span);
    stopped = true;
    for (Thread client : clients) {
      client.join();
    }
    return tallies;
  }

  private interface Request {
    void send(MilvusCalls calls, Random random);
  }

  private void client(String kind, Duration every, Request request) {
    Tally tally = new Tally(kind);
    Random random = new Random(tallies.size());
    tallies.add(tally);
    clients.add(
        Thread.ofPlatform()
            .start(() -> {
              try (MilvusCalls calls = new MilvusCalls(port)) {
                while (!stopped) {
                  tally.run(() -> request.send(calls, random));
                  pause(every);
                }
              }
            }));
  }

  private static void pause(Duration span) {
    try {
      Thread.sleep(span);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void search(MilvusCalls calls, Random random) {
    calls.search(someVectors(1, random), 10, ConsistencyLevel.Bounded);
  }

  private void searchMany(MilvusCalls calls, Random random) {
    calls.search(someVectors(50, random), 100, ConsistencyLevel.Bounded);
  }

  private void queryByKey(MilvusCalls calls, Random random) {
    String keys =
        random.longs(10, 0, rows).mapToObj(Long::toString).collect(Collectors.joining(","));
    calls.query("id in [%s]".formatted(keys), ConsistencyLevel.Strong, "id", "version", "vector");
  }

  private void insert(MilvusCalls calls, Random random) {
    calls.insert(rows(nextId.getAndAdd(INSERT_ROWS), INSERT_ROWS));
  }

  private void upsert(MilvusCalls calls, Random random) {
    calls.upsert(rows(random.nextLong(rows - CHANGED_ROWS), CHANGED_ROWS));
  }

  private void delete(MilvusCalls calls, Random random) {
    long first = random.nextLong(rows);
    calls.delete("id >= %d and id < %d".formatted(first, first + CHANGED_ROWS));
  }

  private void searchTooMuch(MilvusCalls calls, Random random) {
    calls.search(someVectors(1_000, random), 16_384, ConsistencyLevel.Bounded, "vector");
  }

  private void queryAll(MilvusCalls calls, Random random) {
    calls.query("id >= 0", ConsistencyLevel.Bounded, "id", "vector");
  }

  private void insertTooMuch(MilvusCalls calls, Random random) {
    int count = 60_000_000 / 4 / vectors.dimension();
    calls.insert(rows(nextId.getAndAdd(count), count));
  }

  private List<float[]> someVectors(int count, Random random) {
    return random.longs(count, 0, rows).mapToObj(vectors::vector).toList();
  }

  Rows rows(long first, int count) {
    List<Long> ids = LongStream.range(first, first + count).boxed().toList();
    List<Float> values = new ArrayList<>(count * vectors.dimension());
    for (long id : ids) {
      for (float value : vectors.vector(id)) {
        values.add(value);
      }
    }
    return new Rows(ids, ids, values, vectors.dimension());
  }
}
