package io.elanus.bench.kill;

import io.elanus.bench.MilvusCalls;
import io.elanus.bench.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One kill: load, `kill -9` at a seeded instant, restart, audit.
final class KillRound {
  private static final int MIN_LOAD_MILLIS = 200;
  private static final int MAX_LOAD_MILLIS = 2_500;

  private final Path data;
  private final List<KeyLedger> ledgers;
  private final Counters counters;

  KillRound(Path data, List<KeyLedger> ledgers, Counters counters) {
    this.data = data;
    this.ledgers = ledgers;
    this.counters = counters;
  }

  void run(long seed) throws InterruptedException {
    Random random = new Random(seed);
    loadAndKill(random);
    try (ServerProcess server = ServerProcess.start(data, "--flush-mib", "1");
        MilvusCalls client = new MilvusCalls(server.port())) {
      client.awaitLoaded();
      Audit audit = new Audit(client, counters);
      ledgers.forEach(audit::check);
      if (random.nextInt(4) > 0) {
        server.kill();
      }
    }
  }

  private void loadAndKill(Random random) throws InterruptedException {
    ServerProcess server = ServerProcess.start(data, "--flush-mib", "1");
    List<MilvusCalls> clients = new ArrayList<>();
    List<Writer> writers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (KeyLedger ledger : ledgers) {
      MilvusCalls client = new MilvusCalls(server.port());
      client.createAndLoad(Vectors.DIMENSION, "HNSW");
      Writer writer = new Writer(client, ledger, random.nextLong(), counters);
      clients.add(client);
      writers.add(writer);
      threads.add(Thread.ofVirtual().start(writer));
    }
    Thread.sleep(MIN_LOAD_MILLIS + random.nextInt(MAX_LOAD_MILLIS));
    server.kill();
    writers.forEach(Writer::stop);
    for (Thread thread : threads) {
      thread.join();
    }
    clients.forEach(MilvusCalls::close);
  }
}
