package io.elanus.model;

import io.elanus.model.Calls.Level;
import java.util.SplittableRandom;

/// One seed: a collection is drawn, and steps on it, each checked against the model.
final class ModelRun {
  private final SplittableRandom random;
  private final Calls calls;
  private final Steps steps = new Steps();
  private final Expected expected;
  private final Writes writes;
  private final Reads reads;
  private final CollectionSteps collection;
  private final SnapshotSteps snapshots;
  private final boolean graph;
  private final int shards;

  /// @param milvus where nobody else uses collections whose names begin with `name`
  ModelRun(long seed, Milvus milvus, String name) {
    random = new SplittableRandom(seed);
    calls = new Calls(milvus, name);
    expected = new Expected(ModelSchema.drawn(random));
    shards = random.nextInt(1, 4);
    graph = random.nextInt(3) == 0;
    Names names = new Names(name);
    writes = new Writes(expected, calls, random, steps);
    reads = new Reads(expected, calls, random, steps, graph);
    collection = new CollectionSteps(expected, calls, random, steps, names);
    snapshots = new SnapshotSteps(expected, calls, random, steps, names);
  }

  /// @throws Difference naming the last steps
  void run() {
    try {
      setUp();
      for (int left = random.nextInt(20, 80); left > 0; left--) {
        step();
      }
      reads.query(Level.STRONG);
      calls.drop();
    } catch (RuntimeException | Difference e) {
      throw new Difference("%s%n%s%n  %s".formatted(e, expected.schema(), steps), e);
    }
  }

  private void setUp() {
    String index = graph ? "HNSW" : "FLAT";
    steps.tell("create with %d shards, %s", shards, index);
    calls.create(expected.schema(), shards);
    for (ModelField field : expected.schema().fields()) {
      if (field.kind().isVector()) {
        calls.index(field, index);
      }
    }
    calls.load();
  }

  private void step() {
    switch (random.nextInt(44)) {
      case 0, 1, 2, 3, 4, 5, 6 -> writes.insert();
      case 7, 8, 9, 10 -> writes.upsert();
      case 11, 12, 13 -> writes.upsertPartly();
      case 14, 15 -> writes.deleteSomeKeys();
      case 16 -> writes.deleteByFilter();
      case 17, 18, 19, 20, 21 -> reads.query(Level.STRONG);
      case 22 -> reads.queryOwnWrites();
      case 23 -> reads.queryWeakly();
      case 24, 25 -> reads.queryPage();
      case 26 -> reads.count();
      case 27, 28, 29 -> reads.search();
      case 30 -> collection.flush();
      case 31 -> collection.compact();
      case 32 -> collection.pause();
      case 33 -> collection.addField();
      case 34, 35 -> collection.createPartition();
      case 36 -> collection.dropPartition();
      case 37 -> collection.truncate();
      case 38 -> reads.loadAgain();
      case 39 -> snapshots.take();
      case 40 -> snapshots.restore();
      case 41 -> snapshots.drop();
      case 42 -> reads.queryPart();
      default -> collection.rename();
    }
  }
}
