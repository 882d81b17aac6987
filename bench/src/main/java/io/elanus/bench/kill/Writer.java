package io.elanus.bench.kill;

import io.elanus.bench.MilvusCalls;
import io.elanus.bench.MilvusCalls.Rows;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One client: inserts, upserts, deletes, queries and searches keys of its own until it is stopped or the
/// server is gone. Each request is sent once.
final class Writer implements Runnable {
  private static final int MAX_BATCH = 20;

  private final MilvusCalls client;
  private final KeyLedger ledger;
  private final Random random;
  private final Counters counters;
  private volatile boolean stopped;

  Writer(MilvusCalls client, KeyLedger ledger, long seed, Counters counters) {
    this.client = client;
    this.ledger = ledger;
    this.random = new Random(seed);
    this.counters = counters;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    while (!stopped && step()) {
      // each step is one request
    }
  }

  /// @return false when the server is gone
  private boolean step() {
    try {
      int dice = random.nextInt(100);
      if (dice < 45) {
        insert();
      } else if (dice < 65) {
        upsert();
      } else if (dice < 80) {
        delete();
      } else if (dice < 90) {
        read();
      } else if (dice < 99) {
        client.search(new float[Vectors.DIMENSION], 5, ConsistencyLevel.Bounded);
      } else {
        client.flush();
      }
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private void insert() {
    int count = 1 + random.nextInt(MAX_BATCH);
    List<Long> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(ledger.freshKey());
    }
    List<Long> versions = keys.stream().map(ledger::nextVersion).toList();
    write(keys, versions, () -> client.insert(rows(keys, versions)));
  }

  private void upsert() {
    long key = ledger.anySettled(random);
    if (key >= 0) {
      List<Long> keys = List.of(key);
      List<Long> versions = List.of(ledger.nextVersion(key));
      write(keys, versions, () -> client.upsert(rows(keys, versions)));
    }
  }

  private void delete() {
    long key = ledger.anySettled(random);
    if (key >= 0) {
      String filter = random.nextInt(3) == 0 ? "id == %d and version > 0" : "id in [%d]";
      write(List.of(key), List.of(KeyLedger.ABSENT), () -> client.delete(filter.formatted(key)));
    }
  }

  /// A strong read of a key nobody else writes shows the last acknowledged write.
  private void read() {
    long key = ledger.anySettled(random);
    if (key < 0) {
      return;
    }
    var results = client.query("id == " + key, ConsistencyLevel.Strong, "version");
    long version =
        results.getFieldsDataList().stream()
            .filter(field -> field.getFieldName().equals("version"))
            .map(field -> field.getScalars().getLongData())
            .filter(data -> data.getDataCount() > 0)
            .map(data -> data.getData(0))
            .findFirst()
            .orElse(KeyLedger.ABSENT);
    counters.read();
    if (!ledger.allows(key, version)) {
      counters.staleRead(key, version);
    }
  }

  private void write(List<Long> keys, List<Long> versions, Runnable request) {
    try {
      request.run();
      for (int i = 0; i < keys.size(); i++) {
        ledger.acknowledged(keys.get(i), versions.get(i));
      }
      counters.acknowledged(keys.size());
    } catch (MilvusCalls.Failed e) {
      if (e.isUnknown()) {
        unknown(keys, versions);
      } else {
        counters.refused(String.valueOf(e.getMessage()));
      }
    } catch (StatusRuntimeException e) {
      unknown(keys, versions);
      throw e;
    }
  }

  private void unknown(List<Long> keys, List<Long> versions) {
    for (int i = 0; i < keys.size(); i++) {
      ledger.unknown(keys.get(i), versions.get(i));
    }
    counters.unknown(keys.size());
  }

  private static Rows rows(List<Long> keys, List<Long> versions) {
    List<Float> vectors = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      vectors.addAll(Vectors.of(keys.get(i), versions.get(i)));
    }
    return new Rows(keys, versions, vectors, Vectors.DIMENSION);
  }
}
