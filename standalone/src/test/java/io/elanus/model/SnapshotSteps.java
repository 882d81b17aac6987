package io.elanus.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Steps with snapshots of the collection, and collections that are made of them.
final class SnapshotSteps {
  private static final int MAX_SNAPSHOTS = 3;

  /// What a snapshot has to have.
  private record Kept(String snapshot, ModelSchema schema, TreeMap<Object, Row> rows) {}

  private final Expected expected;
  private final Calls calls;
  private final SplittableRandom random;
  private final Steps steps;
  private final Names names;
  private final List<Kept> snapshots = new ArrayList<>();

  SnapshotSteps(Expected expected, Calls calls, SplittableRandom random, Steps steps, Names names) {
    this.expected = expected;
    this.calls = calls;
    this.random = random;
    this.steps = steps;
    this.names = names;
  }

  void take() {
    if (snapshots.size() == MAX_SNAPSHOTS) {
      return;
    }
    String snapshot = names.next("s");
    steps.tell("take snapshot %s of %d rows", snapshot, expected.rows().size());
    calls.createSnapshot(snapshot);
    snapshots.add(new Kept(snapshot, expected.schema(), new TreeMap<>(expected.rows())));
  }

  void drop() {
    if (!snapshots.isEmpty()) {
      String snapshot = snapshots.remove(random.nextInt(snapshots.size())).snapshot;
      steps.tell("drop snapshot %s", snapshot);
      calls.dropSnapshot(snapshot);
    }
  }

  /// The collection that is made of it is read once, and dropped.
  void restore() {
    if (snapshots.isEmpty()) {
      return;
    }
    Kept kept = snapshots.get(random.nextInt(snapshots.size()));
    String target = names.ofCollection();
    steps.tell("restore snapshot %s to %s", kept.snapshot, target);
    Calls copy = calls.restore(kept.snapshot, target);
    copy.load();
    List<Row> found = Answers.byKey(kept.schema, copy.query(Reads.everything(expected.schema())));
    Answers.requireSame(found, List.copyOf(kept.rows.values()));
    copy.drop();
  }
}
